import Crypto
import ProviderKit
import Values

/// Where a cluster keeps a register: in which variable of the namespace that the register is of.
///
///     heads/<namespace>_<workload>             berth/heads/<workload>
///     records/<namespace>_<workload>/<kind>/…  berth/records/<workload>/<kind>/…
///     locks/<namespace>_<workload>             berth/locks/<workload>
///     keys/<namespace>_<use>                   berth/keys/<use>
///
/// The history of another engine has paths of its own: `berth/at/<digest of the engine>/heads/<workload>`, and so on.
///
/// A path has no dots, for which `~` stands, and 128 characters at most: in the place of a longer name stands its digest, and the
/// variable itself tells the name.
struct VariablePath: Equatable {
  /// What all paths begin with.
  static let root = "berth/"

  let namespace: String
  let path: String

  /// The variable for a register.
  ///
  /// - Throws: `StoreError` if no register of a store is called like that.
  init(_ register: String) throws(StoreError) {
    let address = RegisterOwner(of: register)
    let parts = address.name.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false).map(
      String.init)
    guard parts.count >= 2, Self.kinds.contains(parts[0]), let split = parts[1].firstIndex(of: "_") else {
      throw Self.unknown(register)
    }
    namespace = String(parts[1][..<split])
    let name = String(parts[1][parts[1].index(after: split)...])
    let folder = "\(Self.root(of: address.owner))\(parts[0])/\(name)"
    guard parts.count == 3 else {
      path = folder
      return
    }
    let whole = "\(folder)/\(parts[2].replacing(".", with: "~"))"
    guard whole.utf8.count > Self.longest else {
      path = whole
      return
    }
    let digest = Hex.lower(SHA256.hash(data: Array(register.utf8)).prefix(16))
    // Below the digest of an engine there is no room for the kind as well.
    let kind = address.owner == nil ? "\(parts[2].prefix { $0 != "/" })/" : ""
    path = "\(folder)/\(kind)~~\(digest)"
  }

  /// What the paths of an engine's history begin with.
  ///
  /// - Parameter owner: the other engine's path; `nil` for the history of the cluster's own workloads.
  static func root(of owner: String?) -> String {
    guard let owner else { return root }
    return "\(root)at/\(Hex.lower(SHA256.hash(data: Array(owner.utf8)).prefix(6)))/"
  }

  private static let kinds: Set<String> = ["heads", "records", "locks", "keys"]
  private static let longest = 128

  /// The name of the register that a variable keeps, as far as its path tells; `nil` if it is the variable that tells.
  static func register(_ path: String, in namespace: String) -> String? {
    guard path.hasPrefix(root), !path.contains("/~~") else { return nil }
    let parts = path.dropFirst(root.count).split(separator: "/", maxSplits: 2).map(String.init)
    guard parts.count >= 2, kinds.contains(parts[0]) else { return nil }
    let rest = parts.count > 2 ? "/" + parts[2].replacing("~", with: ".") : ""
    return "\(parts[0])/\(namespace)_\(parts[1])\(rest)"
  }

  fileprivate static func unknown(_ register: String) -> StoreError {
    StoreError("`\(register)` is not the name of a register that a cluster keeps")
  }
}

/// The variables among which all registers are whose names begin with something.
struct VariableScope: Equatable {
  /// `*` for all.
  let namespace: String
  let prefix: String

  init(_ start: String) throws(StoreError) {
    let address = RegisterOwner(of: start)
    let root = VariablePath.root(of: address.owner)
    let parts = address.name.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false).map(
      String.init)
    guard parts.count >= 2 else { throw VariablePath.unknown(start) }
    guard let split = parts[1].firstIndex(of: "_") else {
      guard parts[1].isEmpty else { throw VariablePath.unknown(start) }
      (namespace, prefix) = ("*", "\(root)\(parts[0])/")
      return
    }
    namespace = String(parts[1][..<split])
    let name = parts[1][parts[1].index(after: split)...]
    // What is longer may be a digest: so all that the workload has is looked at.
    prefix = "\(root)\(parts[0])/\(name)" + (parts.count > 2 ? "/" : "")
  }
}
