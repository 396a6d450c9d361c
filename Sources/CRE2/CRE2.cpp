// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0
#include "CRE2.h"

#include <re2/re2.h>

#include <map>
#include <string>
#include <vector>

struct cre2_regex {
    re2::RE2 expression;
    cre2_regex(re2::StringPiece pattern, const re2::RE2::Options &options) : expression(pattern, options) {}
};

cre2_regex *cre2_compile(const char *pattern, size_t length) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    return new cre2_regex(re2::StringPiece(pattern, length), options);
}

void cre2_free(cre2_regex *regex) { delete regex; }

const char *cre2_error(const cre2_regex *regex) {
    return regex->expression.ok() ? nullptr : regex->expression.error().c_str();
}

int cre2_group_count(const cre2_regex *regex) { return regex->expression.NumberOfCapturingGroups(); }

int cre2_group_number(const cre2_regex *regex, const char *name, size_t length) {
    const auto &groups = regex->expression.NamedCapturingGroups();
    const auto found = groups.find(std::string(name, length));
    return found == groups.end() ? -1 : found->second;
}

bool cre2_match(const cre2_regex *regex, const char *text, size_t length, size_t start, ptrdiff_t *offsets, int groups) {
    std::vector<re2::StringPiece> pieces(static_cast<size_t>(groups));
    if (!regex->expression.Match(re2::StringPiece(text, length), start, length, re2::RE2::UNANCHORED, pieces.data(), groups)) {
        return false;
    }
    for (int group = 0; group < groups; group++) {
        const auto &piece = pieces[static_cast<size_t>(group)];
        offsets[2 * group] = piece.data() == nullptr ? -1 : piece.data() - text;
        offsets[2 * group + 1] = piece.data() == nullptr ? -1 : piece.data() - text + static_cast<ptrdiff_t>(piece.size());
    }
    return true;
}
