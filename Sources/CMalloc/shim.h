// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <malloc.h>
