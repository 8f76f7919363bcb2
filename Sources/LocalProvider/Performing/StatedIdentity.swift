import Supervisor
import WorkloadSpec

/// Why a service can't run as who its spec names.
enum IdentityProblem: Error, Equatable {
  /// There is no such user.
  case unknownUser(String)
  /// There is no such group.
  case unknownGroup(String)
  /// There is, and berth has not the right to start a process as them.
  case notAllowed(String)

  /// In words that follow the service.
  var words: String {
    switch self {
    case .unknownUser(let name): "runs as `\(name)`, and this machine has no such user"
    case .unknownGroup(let name): "is in the group `\(name)`, and this machine has no such group"
    case .notAllowed(let name):
      "runs as `\(name)`, and berth has not the right to start a process as another user"
    }
  }
}

extension ProcessIdentity {
  /// Who a service runs as; `nil` if that is who this process runs as.
  static func needed(by service: Service, _ rights: OwnRights) throws(IdentityProblem) -> ProcessIdentity? {
    guard service.user != nil || !service.groups.isUnset else { return nil }
    var identity = ProcessIdentity(user: rights.user, group: rights.group, groups: rights.groups.sorted())
    if let text = service.user {
      guard let user = Accounts.user(of: text) else { throw .unknownUser(text) }
      identity = ProcessIdentity(user: user.id, group: user.group, groups: user.groups)
      if let name = text.split(separator: ":").dropFirst().first {
        guard let group = Accounts.groupNumber(String(name)) else { throw .unknownGroup(String(name)) }
        // As with engines: who states a group has no others but those that are stated.
        identity.group = group
        identity.groups = [group]
      }
    }
    for name in service.groups.elements {
      guard let group = Accounts.groupNumber(name) else { throw .unknownGroup(name) }
      if !identity.groups.contains(group) { identity.groups.append(group) }
    }
    identity.groups.sort()
    if identity.user == rights.user, identity.group == rights.group, Set(identity.groups) == rights.groups {
      return nil
    }
    if rights.mayChangeUser { return identity }
    // It is not worth an error that berth itself is in more groups than the spec asks for.
    if identity.user == rights.user, identity.group == rights.group,
      rights.groups.isSuperset(of: identity.groups)
    {
      return nil
    }
    throw .notAllowed(service.user ?? service.groups.elements.joined(separator: ", "))
  }
}

extension Accounts {
  /// The user of a field `user`, whatever group it states.
  static func user(of field: String) -> User? {
    field.split(separator: ":").first.flatMap { user(String($0)) }
  }
}

extension FileOwner {
  /// Who a spec names.
  init(_ owner: NumericOwner) { self.init(user: owner.user, group: owner.group ?? owner.user) }
}
