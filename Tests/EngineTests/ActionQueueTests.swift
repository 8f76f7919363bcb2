import Planning
import Testing

@testable import Engine

@Suite struct ActionQueueTests {
  @Test("An action comes after all that it waits for") func anActionComesAfterAllThatItWaitsFor() {
    func action(_ name: String, after: [String] = []) -> Action {
      Action(
        .create, .service(InstanceID(0), name), after: after.map { ActionID("create 0.\($0)") })
    }
    var queue = ActionQueue([
      action("a"), action("b", after: ["a"]), action("c"), action("d", after: ["b", "c"]),
    ])
    func next() -> String? { queue.next()?.subject.service }
    #expect([next(), next(), next()] == ["a", "c", nil])
    queue.finish(ActionID("create 0.a"))
    #expect([next(), next()] == ["b", nil])
    queue.finish(ActionID("create 0.c"))
    #expect(next() == nil)
    #expect(queue.rest == [ActionID("create 0.d")])
    queue.finish(ActionID("create 0.b"))
    #expect(next() == "d")
    #expect(queue.rest.isEmpty)
  }
}
