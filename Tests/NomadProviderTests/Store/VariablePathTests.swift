import ProviderKit
import Testing

@testable import NomadProvider

@Suite("Where a cluster of Nomad keeps a register")
struct VariablePathTests {
  @Test(
    "A register has a variable, and the variable's path tells the register",
    arguments: [
      ("heads/default_shop", "default", "berth/heads/shop"), ("locks/team_shop", "team", "berth/locks/shop"),
      ("keys/default_digests", "default", "berth/keys/digests"),
      ("records/default_shop/runs/00000001_r.2b.1_w", "default", "berth/records/shop/runs/00000001_r~2b~1_w"),
    ])
  func paths(_ register: String, _ namespace: String, _ path: String) throws {
    let place = try VariablePath(register)
    #expect(place.namespace == namespace)
    #expect(place.path == path)
    #expect(VariablePath.register(path, in: namespace) == register)
  }

  @Test("A name that is too long for a path is told by the variable itself")
  func longNames() throws {
    let name =
      "records/default_\(String(repeating: "a", count: 63))/runs/00000001_\(String(repeating: "r", count: 60))"
    let place = try VariablePath(name)
    #expect(place.path.utf8.count <= 128)
    #expect(VariablePath.register(place.path, in: "default") == nil)
    let other = try VariablePath(name + "x")
    #expect(other.path != place.path)
    let scope = try VariableScope("records/default_\(String(repeating: "a", count: 63))/")
    #expect(place.path.hasPrefix(scope.prefix))
  }

  @Test(
    "A list looks at the namespace, or at all",
    arguments: [
      ("heads/", "*", "berth/heads/"), ("heads/default_", "default", "berth/heads/"),
      ("records/team_shop/", "team", "berth/records/shop/"),
      ("records/team_shop/journals/r1_", "team", "berth/records/shop/"),
    ])
  func scopes(_ start: String, _ namespace: String, _ prefix: String) throws {
    let scope = try VariableScope(start)
    #expect(scope.namespace == namespace)
    #expect(scope.prefix == prefix)
  }

  @Test(
    "What is no register of a store has no variable",
    arguments: ["", "heads", "other/default_a", "heads/shop"])
  func strangers(_ name: String) { #expect(throws: StoreError.self) { try VariablePath(name) } }
}
