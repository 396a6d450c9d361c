// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Why the store did not do what it was asked.
enum StoreError: Error, Equatable {
    /// An object of that key exists.
    case exists
    /// No object of that key exists.
    case missing
    /// The object has changed since it was read.
    case changed
    /// The namespace is not there or is being deleted.
    case namespace
    /// The history does not reach back to that revision; `oldest` is where it begins.
    case expired(requested: Int64, oldest: Int64)
    /// That revision has not come yet.
    case future(requested: Int64, current: Int64)
    /// The database failed.
    case database(String)
}
