import Planning
import ProviderKit
import Testing

/// What is said of many workloads.
@Suite struct AnswersTests {
  private struct Refusal: Error {}
  private let keys = (10..<40).map { WorkloadKey(name: "w\($0)") }

  @Test("What goes wrong with one is said of that one") func whatGoesWrongWithOneIsSaidOfThatOne()
    async throws
  {
    let answers = await Answers(of: keys) { key in
      if key.name == "w12" { throw Refusal() }
      return key.name
    }
    for key in keys where key.name != "w12" { #expect(try answers.answer(for: key) == key.name) }
    #expect(throws: Refusal.self) { try answers.answer(for: WorkloadKey(name: "w12")) }
    #expect(throws: ProviderError.self) { try answers.answer(for: WorkloadKey(name: "w99")) }
  }

  @Test("What goes wrong with all is said of each") func whatGoesWrongWithAllIsSaidOfEach() async {
    let answers = await Answers<Int>(of: keys + keys, together: { throw Refusal() })
    for key in keys { #expect(throws: Refusal.self) { try answers.answer(for: key) } }
  }

  @Test("Many are asked of at the same time and not all", .timeLimit(.minutes(10)))
  func manyAreAskedOfAtTheSameTimeAndNotAll() async throws {
    let crowd = Crowd(atLeast: 7)
    let answers = await Answers(of: keys, atOnce: 7) { _ in
      await crowd.come()
      await crowd.go()
    }
    for key in keys { try answers.answer(for: key) }
    #expect(await crowd.largest == 7)
  }
}

/// Those who are asking something at the same time: each waits until there were as many as there have to be.
private actor Crowd {
  private let least: Int
  private var now = 0
  private(set) var largest = 0
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(atLeast least: Int) { self.least = least }

  func come() async {
    now += 1
    largest = max(largest, now)
    if largest >= least {
      for one in waiting { one.resume() }
      waiting = []
    } else {
      await withCheckedContinuation { waiting.append($0) }
    }
  }

  func go() { now -= 1 }
}
