import ProviderContract
import Synchronization

/// Lets one request to an engine go wrong, whichever it is, on its way through an ``EngineTap``.
///
/// What cuts a program off, or loses an answer, does so at requests that change something; what fails or comes late does
/// so at any.
final class RequestSwitch: Sendable {
  private struct State {
    var count = 0
    /// Whether the program is over: no request of its passes any more.
    var isOver = false
  }
  private let fault: StoreFault
  private let state = Mutex(State())

  /// A switch for a fault.
  init(_ fault: StoreFault) { self.fault = fault }

  /// How many requests there were at which something could go wrong.
  var count: Int { state.withLock { $0.count } }

  /// The program is over, if it is one that is killed.
  func end() {
    state.withLock { state in if isKill { state.isOver = true } }
  }

  private var isKill: Bool { [.cutBefore, .cutAfter].contains(fault.kind) }

  /// What becomes of a request.
  func judge(_ request: String) -> EngineTap.Verdict {
    let looks = request.hasPrefix("GET ") || request.hasPrefix("HEAD ")
    return state.withLock { state in
      if state.isOver { return .refuse }
      if looks, ![.fail, .comeLate].contains(fault.kind) { return .pass }
      state.count += 1
      guard state.count == fault.step else { return .pass }
      if isKill { state.isOver = true }
      return switch fault.kind {
      case .cutBefore, .fail: .refuse
      case .cutAfter, .loseReply: .loseAnswer
      case .comeLate: .passAfter { [fault] in try? await fault.meanwhile() }
      }
    }
  }
}
