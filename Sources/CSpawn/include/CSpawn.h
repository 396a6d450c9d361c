// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <spawn.h>

// glibc hides these behind _GNU_SOURCE, which Swift's view of <spawn.h> does not define.

/// Closes every descriptor from `from` on in the child, so that no lock, pipe or socket of the parent leaks into it.
int cspawn_close_from(posix_spawn_file_actions_t *actions, int from);

/// Starts the child in a folder.
int cspawn_change_directory(posix_spawn_file_actions_t *actions, const char *path);

/// Gives the child default signal actions and an empty signal mask, and with `new_session` a session of its own.
int cspawn_reset_signals(posix_spawnattr_t *attributes, int new_session);
