import TestSupport
import Testing

/// Many lives of the same workload on a cluster, each killed somewhere else: all must go as one that is left in peace.
struct DoomedLives<Place: DoomedStage> {
  /// How many there are at once: most of their time they wait for the lock of the dead.
  private static var width: Int { 12 }
  /// How many requests of each command are tried, where not all are.
  private static var sample: Int { 3 }

  static func play() async throws {
    var wanted: [[String]] = []
    var requests: [Int] = []
    try await with([nil]) { lives in
      wanted = try await inventories(of: lives[0])
      requests = lives[0].requests
    }
    try #require(requests.count == DoomedEnd.commands.count)
    let ends = requests.enumerated().flatMap { command, count in
      let all = (1...max(count, 1)).map { DoomedEnd(command: command, request: $0) }
      return Thoroughness.isFull ? all : Array(all.shuffled().prefix(sample))
    }.sorted()
    var kills = 0
    for start in stride(from: 0, to: ends.count, by: width) {
      try await with(ends[start..<min(start + width, ends.count)].map { $0 }) { lives in
        let wanted = wanted
        try await withThrowingTaskGroup(of: Void.self) { group in
          for life in lives { group.addTask { try await live(life, as: wanted) } }
          try await group.waitForAll()
        }
        kills += lives.count(where: \.wasKilled)
      }
    }
    // A command that beats its lock less often may be done before.
    #expect(kills * 2 > ends.count)
    print(
      "kills of the program on \(Place.engine): \(kills) at \(ends.count) of \(requests.reduce(0, +)) requests"
    )
  }

  /// Runs something with lives, whose namespaces are deleted afterwards.
  private static func with(
    _ ends: [DoomedEnd?], _ body: ([DoomedLife<Place>]) async throws -> Void
  ) async throws {
    var lives: [DoomedLife<Place>] = []
    do {
      for end in ends { lives.append(try await DoomedLife(end: end)) }
      try await body(lives)
    } catch {
      try? await finish(lives)
      throw error
    }
    try await finish(lives)
  }

  private static func finish(_ lives: [DoomedLife<Place>]) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for life in lives { group.addTask { try await life.stage.end() } }
      try await group.waitForAll()
    }
  }

  /// What there is after each command.
  private static func inventories(of life: DoomedLife<Place>) async throws -> [[String]] {
    var found: [[String]] = []
    for command in DoomedEnd.commands.indices {
      await atOnce(1) { _ in life.perform(command) }
      found.append(try await inventory(of: life) { !$0.contains { $0.hasSuffix(Place.ending) } })
    }
    #expect(life.complaints == [])
    #expect(found.last == Place.remains)
    return found
  }

  /// What there is, as soon as it is as it should be. What controllers take away goes a moment later, and on a node under load
  /// pods end long after their time.
  private static func inventory(
    of life: DoomedLife<Place>, once isRight: ([String]) -> Bool
  ) async throws -> [String] {
    var found = try await life.stage.inventory()
    for _ in 0..<600 where !isRight(found) {
      try await Task.sleep(for: .milliseconds(200))
      found = try await life.stage.inventory()
    }
    return found
  }

  /// Plays a life, which must go like the one that was left in peace.
  private static func live(_ life: DoomedLife<Place>, as wanted: [[String]]) async throws {
    for command in DoomedEnd.commands.indices {
      await atOnce(1) { _ in life.perform(command) }
      let found = try await inventory(of: life) { $0 == wanted[command] }
      #expect(found == wanted[command], "\(life), after command \(command)")
      // A run that was killed when all was recorded leaves what it would have deleted to the next run.
      if life.end?.command == command { continue }
      #expect(try await life.stage.unreferred(of: "shop") == [], "\(life), after command \(command)")
    }
    #expect(life.complaints == [], "\(life)")
  }
}
