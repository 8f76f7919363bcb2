/// What is to become of something that a register holds.
enum Move<State: Sendable, Result: Sendable>: Sendable {
  /// Another state, which means what is returned.
  case to(State, Result)
  /// It stays, and this is returned.
  case stay(Result)
}

/// Changes of one register that hold while other writers change it, and when answers are lost.
extension RegisterStore {
  /// How often it is tried to change something that others change.
  static var attempts: Int { 200 }
  /// How many times a change is sent whose answers are lost, until it is given up.
  static var doubts: Int { 3 }

  /// Changes what a register holds: reads it, asks what is to become of it, and swaps it from the version that was read.
  ///
  /// - Parameters:
  ///   - name: the register's name.
  ///   - what: what it is, in words: `the lock of default/shop`.
  ///   - read: what a register holds; it is asked with `nil` where nothing is kept.
  ///   - decide: what is to become of it. It is asked again with what is kept by then if another writer changed it, and if
  ///     it is not known whether it was changed: then it is told so, and looks whether it was.
  ///   - contents: the bytes of a state.
  ///   - kept: told the state that the register was changed to.
  func change<State: Sendable, Result: Sendable>(
    _ name: String, _ what: @autoclosure () -> String, read: (Register?) async throws -> State,
    decide: (State, _ mayBeChanged: Bool) async throws -> Move<State, Result>,
    contents: (State) -> [UInt8], kept: (State, [UInt8]) -> Void = { _, _ in }
  ) async throws -> Result {
    var doubts: [any Error] = []
    for attempt in 0..<Self.attempts {
      let register = try await registers.get(name)
      switch try await decide(try await read(register), !doubts.isEmpty) {
      case .stay(let result): return result
      case .to(let state, let result):
        if doubts.count == Self.doubts { throw doubts[0] }
        let contents = contents(state)
        let isKept = try await doubting(&doubts) {
          try await self.keep(contents, as: name, from: register?.version)
        }
        if isKept {
          kept(state, contents)
          return result
        }
      }
      // Those who were in each other's way come at different times.
      if attempt > 2 { try await Task.sleep(for: .milliseconds(Int.random(in: 1...20))) }
    }
    throw StoreError("too many others change \(what()) at once", help: "try again")
  }

  /// Writes a register that one run alone writes: however often it is tried, it holds this.
  func write(_ contents: [UInt8], as name: String) async throws {
    // There is hardly ever something to read before it.
    if try await make(contents, as: name) { return }
    try await change(name, "`\(name)`", read: \.?.contents) { found, _ -> Move<[UInt8]?, Void> in
      found == contents ? .stay(()) : .to(contents, ())
    } contents: {
      $0 ?? []
    }
  }

  /// Makes a register; however often it is tried, it is made once.
  ///
  /// - Returns: whether it holds this, and not something that another writer made.
  func make(_ contents: [UInt8], as name: String) async throws -> Bool {
    var doubts: [any Error] = []
    while true {
      if try await doubting(&doubts, { try await self.registers.create(name, contents) }) { return true }
      if doubts.isEmpty { return false }
      if let found = try await registers.get(name) { return found.contents == contents }
      if doubts.count == Self.doubts { throw doubts[0] }
    }
  }

  /// Makes a register, or changes it from a version.
  private func keep(_ contents: [UInt8], as name: String, from version: RegisterVersion?) async throws -> Bool
  {
    guard let version else { return try await registers.create(name, contents) }
    return try await registers.swap(name, from: version, to: contents)
  }

  /// Changes something, and collects the errors after which it is not known whether it was changed.
  ///
  /// - Returns: whether it is known that it was.
  private func doubting(
    _ doubts: inout [any Error], _ body: () async throws -> Bool
  ) async throws -> Bool {
    do { return try await body() } catch let error as CancellationError { throw error } catch {
      doubts.append(error)
      return false
    }
  }
}
