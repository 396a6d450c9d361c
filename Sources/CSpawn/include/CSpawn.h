// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <spawn.h>

/// `posix_spawn_file_actions_addclosefrom_np`, hidden behind _GNU_SOURCE: closes every descriptor from `from` on in the
/// child, so that no lock, pipe or socket of the parent leaks into it.
int cspawn_close_from(posix_spawn_file_actions_t *actions, int from);
