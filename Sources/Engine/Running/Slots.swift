import Synchronization

/// A semaphore in the order of arrival: all runs of a command together take no more places at a time than it has.
///
/// A run holds a place while an action is at work, and gives it back when that is done. Meanwhile it waits for nothing that
/// could need a place itself.
final class Slots: Sendable {
  /// Who waits for a place.
  struct Wish: Sendable, Hashable {
    fileprivate let number: Int
  }

  private struct State {
    var free: Int
    var made = 0
    /// Those that wait, the first one first.
    var queue: [Wish] = []
    /// Whether a wish got a place, of those whose answer was not asked for yet.
    var answers: [Wish: Bool] = [:]
    var waiting: [Wish: CheckedContinuation<Bool, Never>] = [:]

    /// Answers a wish; who waits for the answer is told by the caller, outside of the lock.
    mutating func answer(_ wish: Wish, _ answer: Bool) -> CheckedContinuation<Bool, Never>? {
      if let continuation = waiting.removeValue(forKey: wish) { return continuation }
      answers[wish] = answer
      return nil
    }
  }

  private let state: Mutex<State>

  /// At least one place.
  init(_ count: Int) { state = Mutex(State(free: max(1, count))) }

  /// Takes a place if one is free and no action waits for it.
  func takeNow() -> Bool {
    state.withLock { state in
      guard state.free > 0, state.queue.isEmpty else { return false }
      state.free -= 1
      return true
    }
  }

  /// Gets in line; ``wait(for:)`` tells when a place is had.
  func wish() -> Wish {
    state.withLock { state in
      state.made += 1
      let wish = Wish(number: state.made)
      if state.free > 0, state.queue.isEmpty {
        state.free -= 1
        state.answers[wish] = true
      } else {
        state.queue.append(wish)
      }
      return wish
    }
  }

  /// Waits until a wish is granted or taken back.
  ///
  /// - Returns: whether there is a place now, to be given back.
  func wait(for wish: Wish) async -> Bool {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let answer = state.withLock { state -> Bool? in
          if let answer = state.answers.removeValue(forKey: wish) { return answer }
          state.waiting[wish] = continuation
          return nil
        }
        if let answer { continuation.resume(returning: answer) }
      }
    } onCancel: {
      takeBack(wish)
    }
  }

  /// Gets out of line. What was granted already stays so.
  func takeBack(_ wish: Wish) {
    let continuation = state.withLock { state -> CheckedContinuation<Bool, Never>? in
      guard let index = state.queue.firstIndex(of: wish) else { return nil }
      state.queue.remove(at: index)
      return state.answer(wish, false)
    }
    continuation?.resume(returning: false)
  }

  /// Gives a place back.
  func give() {
    let continuation = state.withLock { state -> CheckedContinuation<Bool, Never>? in
      guard !state.queue.isEmpty else {
        state.free += 1
        return nil
      }
      return state.answer(state.queue.removeFirst(), true)
    }
    continuation?.resume(returning: true)
  }

  /// Does something in a place of its own.
  ///
  /// - Throws: `CancellationError` if the task is cancelled before there is one; what the body throws.
  func within<Result>(_ body: () async throws -> Result) async throws -> Result {
    guard await wait(for: wish()) else { throw CancellationError() }
    defer { give() }
    return try await body()
  }
}
