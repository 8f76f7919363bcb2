@testable import LocalProvider
@testable import Supervisor

/// What these tests may do on this machine.
enum Rights {
  static let own = OwnRights.current
  static let mayChangeUser = own.mayChangeUser && own.user == 0
  static let mayDropCapabilities = mayChangeUser && own.has("SETPCAP")
  static let mayMakeNetworks = SpaceObstacles.found.network == nil
  static let mayMakeHostNames = SpaceObstacles.found.hostName == nil
  static let nobody = Accounts.user("nobody")
}
