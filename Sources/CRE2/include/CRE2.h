// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <stddef.h>
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A compiled RE2 expression. RE2's syntax is Go's.
typedef struct cre2_regex cre2_regex;

/// Compiles `pattern`; never NULL: ask `cre2_error`. Free with `cre2_free`.
cre2_regex *cre2_compile(const char *pattern, size_t length);
void cre2_free(cre2_regex *regex);
/// NULL when the expression is valid, else what is wrong with it, owned by `regex`.
const char *cre2_error(const cre2_regex *regex);
/// The number of capturing groups, without the whole match.
int cre2_group_count(const cre2_regex *regex);
/// The number of the group called `name`, or -1.
int cre2_group_number(const cre2_regex *regex, const char *name, size_t length);
/// Leftmost-first search of `text` from `start`. Writes start and end offsets (-1 for a group that took no part)
/// of the whole match and of the first `groups - 1` groups to `offsets`, which holds `2 * groups` numbers.
bool cre2_match(const cre2_regex *regex, const char *text, size_t length, size_t start, ptrdiff_t *offsets, int groups);

#ifdef __cplusplus
}
#endif
