import Values

// MARK: Keys

extension RegisterStore {
  /// The key of the digests of secrets of a namespace.
  public func digestKey(in namespace: String) async throws -> [UInt8]? { try await key(.digests, namespace) }

  /// The key that plans for workloads of a namespace are signed with: one of its own.
  public func planKey(in namespace: String) async throws -> [UInt8]? { try await key(.plans, namespace) }

  /// The key of the digests of secrets of a namespace, made at the first call.
  public func makeDigestKey(in namespace: String) async throws -> [UInt8] {
    if let key = try await key(.digests, namespace) { return key }
    // Who finds the key of digests made looks no further: the other one is there by then.
    _ = try await make(.plans, namespace, Self.randomKey())
    return try await make(.digests, namespace, newDigestKey ?? Self.randomKey())
  }

  private static func randomKey() -> [UInt8] { (0..<32).map { _ in UInt8.random(in: .min ... .max) } }

  private func key(_ use: RegisterNames.KeyUse, _ namespace: String) async throws -> [UInt8]? {
    guard let register = try await registers.get(names.key(use, in: namespace)) else { return nil }
    let what = "the key of \(use.rawValue) of the namespace \(namespace)"
    let json = try RegisterText.value(try RegisterText.lines(of: register, what).first, of: register, what)
    guard let bytes = json["key"]?.string.flatMap(Hex.bytes) else {
      throw RegisterText.damaged(register, what, "it makes no sense")
    }
    return bytes
  }

  /// Makes a key, unless there is one.
  ///
  /// - Returns: the one that is there then: the first caller's.
  private func make(
    _ use: RegisterNames.KeyUse, _ namespace: String, _ key: [UInt8]
  ) async throws -> [UInt8] {
    var doubt: (any Error)?
    do {
      _ = try await registers.create(
        names.key(use, in: namespace), RegisterText.write(["key": .string(Hex.lower(key))]))
    } catch let error as CancellationError { throw error } catch { doubt = error }
    if let made = try await self.key(use, namespace) { return made }
    throw doubt
      ?? StoreError(
        "the key of \(use.rawValue) of the namespace \(namespace) is gone again", help: "try again")
  }
}
