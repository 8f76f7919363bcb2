import NomadAPI
import ProviderKit
import Values

/// Registers that a cluster keeps as variables in the workloads' namespaces; see ``VariablePath``.
struct VariableRegisters: Registers {
  /// Leads to the cluster.
  let connection: NomadConnection

  /// A variable holds 64 KiB with all its keys, and a register stands in it in base64.
  let capacity = 46 << 10

  private static let name = "register"
  private static let contents = "contents"

  func get(_ name: String) async throws -> Register? {
    let place = try VariablePath(name)
    // A key is made once, and every workload that uses secrets asks for it.
    let isKey = RegisterOwner(of: name).name.hasPrefix("keys/")
    if isKey, let known = await connection.keys[name] { return known }
    let register = try await asking(to: .read(place)) { client -> Register? in
      guard let found = try await client.variables.read(place.path, .in(place.namespace)).value else {
        return nil
      }
      guard let register = Self.register(found), register.name == name else {
        throw StoreError(
          "the variable \(place.path) is in the way of the release store: berth did not create it there",
          help: "look at what it holds, and delete it")
      }
      return register
    }
    if isKey, let register { await connection.note(key: register) }
    return register
  }

  func list(_ prefix: String, contents: Bool) async throws -> [Register] {
    let scope = try VariableScope(prefix)
    let registers = try await asking(to: .list(scope)) { client in
      let stubs = try await client.variables.list(prefix: scope.prefix, .in(scope.namespace)).value
      return try await withThrowingTaskGroup(of: Register?.self) { group in
        for stub in stubs {
          let name = VariablePath.register(stub.path, in: stub.namespace)
          if let name, !name.hasPrefix(prefix) { continue }
          group.addTask {
            if let name, !contents {
              return Register(name: name, version: stub.version, contents: [])
            }
            return try await client.variables.read(stub.path, .in(stub.namespace)).value.flatMap(
              Self.register)
          }
        }
        var registers: [Register] = []
        for try await register in group {
          if let register { registers.append(register) }
        }
        return registers
      }
    }
    return registers.filter { $0.name.hasPrefix(prefix) }.sorted { $0.name < $1.name }
  }

  func create(_ name: String, _ contents: [UInt8]) async throws -> Bool {
    let place = try VariablePath(name)
    return try await asking(to: .write(place)) { client in
      do {
        _ = try await client.variables.write(
          place.path, Self.items(name, contents), check: .absent, in: place.namespace)
        return true
      } catch let error as NomadError where error.isConflict && !error.mayHaveBeenDone { return false }
    }
  }

  func swap(_ name: String, from version: RegisterVersion, to contents: [UInt8]?) async throws -> Bool {
    let place = try VariablePath(name)
    guard let index = UInt64(version.text) else { return false }
    await connection.forget(key: name)
    return try await asking(to: contents == nil ? .delete(place) : .write(place)) { client in
      do {
        if let contents {
          _ = try await client.variables.write(
            place.path, Self.items(name, contents), check: .unchanged(since: index), in: place.namespace)
        } else {
          try await client.variables.delete(place.path, check: .unchanged(since: index), in: place.namespace)
        }
        return true
      } catch let error as NomadError where (error.isConflict || error.isNotFound) && !error.mayHaveBeenDone {
        return false
      }
    }
  }

  private static func items(_ name: String, _ contents: [UInt8]) -> [String: String] {
    [Self.name: name, Self.contents: Base64.encode(contents)]
  }

  private static func register(_ variable: Variable) -> Register? {
    guard let name = variable.items[Self.name], let text = variable.items[Self.contents],
      let contents = Base64.decode(text)
    else { return nil }
    return Register(
      name: name, version: RegisterVersion("\(variable.modifyIndex)"), contents: contents)
  }

  /// Asks the cluster, and says in the words of stores what it refuses.
  ///
  /// - Parameter question: what the cluster is asked for.
  private func asking<Result: Sendable>(
    to question: StoreQuestion, _ body: (NomadClient) async throws -> Result
  ) async throws -> Result {
    do {
      return try await body(try await connection.client())
    } catch let error as NomadError {
      throw StoreError(error, asked: question)
    }
  }
}

extension VariableStub {
  /// No two states of a variable have the same index.
  fileprivate var version: RegisterVersion { RegisterVersion("\(modifyIndex)") }
}
