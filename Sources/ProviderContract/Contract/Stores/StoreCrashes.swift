import Planning
import ProviderKit
import WorkloadSpec

/// A place for a store, of which every step that the store takes there can go wrong: a primitive, a call to the disk, a
/// request. At first it holds nothing. It keeps ``StoreScript/limits``.
public protocol StoreCrashPlace: Sendable {
  /// Opens the store anew, and does something with it.
  ///
  /// - Parameter fault: what goes wrong, and at which step, from 1.
  /// - Returns: how many steps the store took at which something can go wrong in this way.
  func attempt(_ fault: StoreFault, _ body: @Sendable (any ReleaseStore) async -> Void) async throws -> Int

  /// Opens the store anew, and nothing goes wrong.
  func open() async throws -> any ReleaseStore

  /// Whether the store finds out by itself that a step happened whose answer was lost, so that its caller learns
  /// nothing of that.
  var findsOutLostReplies: Bool { get }

  /// Whether the store may write down later that actions succeeded, so that a kill may lose that; by default, it does not.
  var writesSuccessesLater: Bool { get }

  /// Whether other steps of the store go on while one comes late, so that the store may overtake the other writer; by
  /// default, none do.
  var goesOnMeanwhile: Bool { get }

  /// What there is of a workload that nothing refers to, by its names there.
  func leftovers(of key: WorkloadKey) async throws -> [String]

  /// Takes the place away; by default, nothing needs to be done for that.
  func end() async throws
}

extension StoreCrashPlace {
  /// It does not.
  public var writesSuccessesLater: Bool { false }
  /// None do.
  public var goesOnMeanwhile: Bool { false }
  /// Nothing needs to be done.
  public func end() async throws {}
}

/// How a step of a store goes wrong.
public struct StoreFault: Sendable {
  /// The ways in which it goes wrong.
  public enum Kind: String, Sendable, CaseIterable {
    /// The program is killed before it.
    case cutBefore
    /// The program is killed after it: it has happened.
    case cutAfter
    /// It fails, and the program goes on.
    case fail
    /// It changes something, its answer is lost, and the program goes on.
    case loseReply
    /// Another writer acts before it.
    case comeLate
  }

  /// Decides whether the step happens, and whether the program goes on after it.
  public let kind: Kind
  /// Which step, from 1; with 0, none goes wrong, and steps are counted.
  public let step: Int
  /// What another writer does before it.
  public let meanwhile: @Sendable () async throws -> Void

  public init(_ kind: Kind, at step: Int, meanwhile: @escaping @Sendable () async throws -> Void = {}) {
    self.kind = kind
    self.step = step
    self.meanwhile = meanwhile
  }

  /// A gate at which it happens, and what tells afterwards how many steps there were.
  public var gate: (gate: any CallGate, steps: @Sendable () -> Int) {
    switch kind {
    case .cutBefore, .cutAfter:
      let point = kind == .cutBefore ? CrashSwitch.Point(before: step) : CrashSwitch.Point(after: step)
      let gate = CrashSwitch(step == 0 ? nil : point)
      return (gate, { gate.count })
    case .loseReply:
      let gate = LostReplySwitch(at: step)
      return (gate, { gate.count })
    case .fail, .comeLate:
      let effect: FaultSwitch.Effect = kind == .fail ? .fail : .comeLate(meanwhile)
      let gate = step == 0 ? FaultSwitch() : FaultSwitch(effect, at: step)
      return (gate, { gate.count })
    }
  }
}

/// Carries out ``StoreScript`` with every step gone wrong in every way, and looks at what is left each time:
///
/// * The operation during which it happened has happened whole, or not at all; all others have as without it.
/// * The next run records a release, whose number is one more than the last one's.
/// * After that there is nothing that nothing refers to, and no run is under way.
///
/// With another writer in between, what each of the two was told is what is so.
public struct StoreCrashes: Sendable {
  /// What came of it.
  public struct Report: Sendable {
    /// How many points were tried, by how things went wrong.
    public var tried: [StoreFault.Kind: Int] = [:]
    /// What was not as it must be.
    public var failures: [String] = []

    /// How many points were tried.
    public var points: Int { tried.values.reduce(0, +) }

    /// `memory: 412 points tried (cutBefore 103, …), 0 failures`.
    public func summary(_ what: String) -> String {
      let kinds = StoreFault.Kind.allCases.compactMap { kind in tried[kind].map { "\(kind.rawValue) \($0)" } }
      return
        "store points, \(what): \(points) tried (\(kinds.joined(separator: ", "))), \(failures.count) failures"
    }
  }

  private let makePlace: @Sendable () async throws -> any StoreCrashPlace
  private let kinds: [StoreFault.Kind]
  private let stride: Int
  private let first: Int?
  private let atOnce: Int

  /// The suite.
  ///
  /// - Parameters:
  ///   - kinds: how things can go wrong in the place.
  ///   - stride: each how manieth point is tried; with 1, every one.
  ///   - first: the first point of each kind that is tried, from 1 to the stride; by default, not the same for all kinds.
  ///   - atOnce: how many points are tried at the same time, each in a place of its own.
  ///   - makePlace: makes a place that holds nothing.
  public init(
    _ kinds: [StoreFault.Kind] = StoreFault.Kind.allCases, stride: Int = 1, first: Int? = nil,
    atOnce: Int = 1,
    _ makePlace: @escaping @Sendable () async throws -> any StoreCrashPlace
  ) {
    self.kinds = kinds
    self.stride = max(1, stride)
    self.first = first
    self.atOnce = atOnce
    self.makePlace = makePlace
  }

  /// Tries all points.
  ///
  /// - Throws: what the store throws where nothing goes wrong.
  public func run() async throws -> Report {
    let sights = try await rehearse()
    let counts = await kinds.concurrentMap(atOnce: atOnce) { kind -> Result<Int, any Error> in
      do { return .success(try await self.steps(of: kind)) } catch { return .failure(error) }
    }
    var points: [(kind: StoreFault.Kind, step: Int, count: Int)] = []
    for (kind, count) in zip(kinds, counts) {
      let count = try count.get()
      let first = first ?? 1 + kind.rawValue.utf8.count % stride
      points += Swift.stride(from: first, through: count, by: stride).map { (kind, $0, count) }
    }
    let failures = await points.concurrentMap(atOnce: atOnce) { kind, step, count -> [String] in
      do {
        let problems = try await self.inPlace { place in
          if kind == .comeLate { return try await self.interfere(in: place, at: step) }
          return try await self.fail(kind, in: place, at: step, sights)
        }
        return problems.map { "\(kind.rawValue) \(step) of \(count): \($0)" }
      } catch {
        return ["\(kind.rawValue) \(step) of \(count): \(error)"]
      }
    }
    var report = Report()
    for point in points { report.tried[point.kind, default: 0] += 1 }
    report.failures = failures.flatMap(\.self)
    return report
  }

  /// How many steps the script takes at which something can go wrong in a way.
  private func steps(of kind: StoreFault.Kind) async throws -> Int {
    let progress = Progress()
    let count = try await inPlace { place in
      try await place.attempt(StoreFault(kind, at: 0)) { await StoreScript.play(in: $0, progress) }
    }
    if let error = progress.error { throw error }
    return count
  }

  /// Does something in a place of its own, and takes the place away.
  private func inPlace<Result>(_ body: (any StoreCrashPlace) async throws -> Result) async throws -> Result {
    let place = try await makePlace()
    do {
      let result = try await body(place)
      try await place.end()
      return result
    } catch {
      try? await place.end()
      throw error
    }
  }

  /// What is seen before the first operation and after each one, where nothing goes wrong.
  private func rehearse() async throws -> [StoreSight] {
    try await inPlace { place in
      var sights = [try await sight(of: place)]
      let store = try await place.open()
      for operation in StoreScript.operations {
        _ = try await operation.body(store)
        sights.append(try await sight(of: place))
      }
      return sights
    }
  }

  private func sight(of place: any StoreCrashPlace) async throws -> StoreSight {
    try await StoreSight(of: place.open(), withSuccesses: !place.writesSuccessesLater)
  }

  private func fail(
    _ kind: StoreFault.Kind, in place: any StoreCrashPlace, at step: Int, _ sights: [StoreSight]
  ) async throws -> [String] {
    let progress = Progress()
    _ = try await place.attempt(StoreFault(kind, at: step)) { await StoreScript.play(in: $0, progress) }
    let done = progress.done
    let sight = try await sight(of: place)
    var problems: [String] = []
    let operation = done < StoreScript.operations.count ? StoreScript.operations[done].name : "the end"
    if sight != sights[done], !sights.indices.contains(done + 1) || sight != sights[done + 1] {
      problems.append("in `\(operation)` it happened by halves: \(sight.difference(from: sights[done]))")
    }
    if kind == .loseReply, place.findsOutLostReplies, let error = progress.error {
      problems.append("`\(operation)` does not find out that it happened: \(error)")
    }
    return problems
      + (try await goOn(
        in: place, from: sight, isKilled: [.cutBefore, .cutAfter].contains(kind)
      )).map { "after `\(operation)`, \($0)" }
  }

  /// The next run of each workload, and what is left then.
  ///
  /// - Parameter isKilled: whether the writer before is gone.
  private func goOn(
    in place: any StoreCrashPlace, from sight: StoreSight, isKilled: Bool = false
  ) async throws -> [String] {
    var problems: [String] = []
    for key in StoreScript.keys {
      let store = try await place.open()
      let (number, operatorState) = (sight.lastNumber(of: key), sight.operatorState(of: key))
      if let record = try await store.lock(of: key) { _ = try await store.breakLock(key, seen: record) }
      guard try await store.tryLock(key, as: StoreScript.holder("next")) == .acquired else {
        return problems + ["the lock can't be taken"]
      }
      let release = try await StoreScript.record("next-\(key.namespace)", of: key, in: store)
      if release?.number != number + 1 {
        problems.append("\(String(describing: release?.number)) follows \(number)")
      }
      try await store.unlock(key, token: "next")
      let runs = try await place.open().runs(of: key, limit: 100)
      if runs.contains(where: { $0.outcome == .unfinished }) { problems.append("a run is left under way") }
      if try await place.open().head(of: key).operatorState != operatorState {
        problems.append("what operators asked is lost")
      }
      let releases = try await place.open().releases(of: key, before: nil, limit: 100).map(\.number)
      let kept = min(number + 1, StoreScript.limits.releases)
      if Array(releases.prefix(kept)) != Array((number + 2 - kept...number + 1).reversed()) {
        problems.append("the releases are \(releases)")
      }
      var leftovers = try await place.leftovers(of: key)
      // Who was not killed may have been writing ahead until then.
      if !leftovers.isEmpty, !isKilled {
        _ = try await StoreScript.record("last-\(key.namespace)", of: key, in: store)
        leftovers = try await place.leftovers(of: key)
      }
      problems += leftovers.map { "nothing refers to \($0)" }
    }
    return problems
  }

  /// Another writer takes the lock and records a release while the script goes on.
  private func interfere(in place: any StoreCrashPlace, at step: Int) async throws -> [String] {
    let (progress, rival) = (Progress(), Progress())
    let fault = StoreFault(.comeLate, at: step) {
      do {
        let store = try await place.open()
        if let record = try await store.lock(of: StoreScript.key) {
          _ = try await store.breakLock(StoreScript.key, seen: record)
        }
        _ = try await store.tryLock(StoreScript.key, as: StoreScript.holder("rival"))
        if let release = try await StoreScript.record("rival", of: StoreScript.key, in: store) {
          rival.note(release)
        }
      } catch { rival.note(error) }
    }
    _ = try await place.attempt(fault) { await StoreScript.play(in: $0, progress, goesOn: true) }
    var problems: [String] = []
    if let error = rival.error, !place.goesOnMeanwhile || !(error is StoreError) {
      problems.append("the other writer is refused: \(error)")
    }
    for error in progress.errors where !(error is StoreError) { problems.append("it fails with \(error)") }
    let store = try await place.open()
    let told = (progress.releases + rival.releases).filter { $0.key == StoreScript.key }
    if Set(told.map(\.number)).count != told.count {
      problems.append("two were told the same number: \(told.map(\.number).sorted())")
    }
    let kept = try await store.releases(of: StoreScript.key, before: nil, limit: 100)
    for release in kept where !told.contains(where: { $0.number == release.number && $0.run == release.run })
    {
      problems.append("neither writer was told of release \(release.number) of \(release.run)")
    }
    for (older, newer) in zip(kept.dropFirst(), kept).prefix(StoreScript.limits.releases - 1)
    where newer.number != older.number + 1 { problems.append("\(newer.number) follows \(older.number)") }
    if let last = told.map(\.number).max(), kept.first?.number != last {
      problems.append("release \(last) is gone")
    }
    return problems + (try await goOn(in: place, from: try await sight(of: place)))
  }
}
