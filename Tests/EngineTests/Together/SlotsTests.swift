import Testing

@testable import Engine

@Suite struct SlotsTests {
  @Test("Who comes first gets first") func whoComesFirstGetsFirst() async {
    let slots = Slots(1)
    #expect(slots.takeNow() && !slots.takeNow())
    let (first, second) = (slots.wish(), slots.wish())
    slots.give()
    #expect(await slots.wait(for: first))
    // Who waits is not overtaken.
    #expect(!slots.takeNow())
    slots.give()
    #expect(await slots.wait(for: second))
    slots.give()
    #expect(slots.takeNow())
  }

  @Test("A wish can be taken back") func aWishCanBeTakenBack() async {
    let slots = Slots(1)
    #expect(slots.takeNow())
    let (first, second) = (slots.wish(), slots.wish())
    slots.takeBack(first)
    #expect(await !slots.wait(for: first))
    slots.give()
    #expect(await slots.wait(for: second))
    // What was granted is had.
    slots.takeBack(second)
    #expect(!slots.takeNow())
  }

  @Test("A task that is cancelled waits no longer") func aTaskThatIsCancelledWaitsNoLonger() async throws {
    let slots = Slots(1)
    #expect(slots.takeNow())
    let waiter = Task { try await slots.within { true } }
    waiter.cancel()
    await #expect(throws: CancellationError.self) { try await waiter.value }
    slots.give()
    #expect(try await slots.within { true })
    #expect(slots.takeNow())
  }

  @Test("Many get a place each") func manyGetAPlaceEach() async {
    let slots = Slots(3)
    let done = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<200 {
        group.addTask {
          let isDone = try? await slots.within {
            await Task.yield()
            return true
          }
          return isDone == true
        }
      }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(done == 200)
    #expect(slots.takeNow() && slots.takeNow() && slots.takeNow() && !slots.takeNow())
  }
}
