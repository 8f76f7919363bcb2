/// A refusal or a loss that may be over when the request is asked again.
package protocol PassingFailure: Error {
  /// Whether asking again may help: the server could not be reached, broke down, or has too much to do.
  var mayPass: Bool { get }
  /// Whether the server refused before it did anything, for it has too much to do.
  var isOverload: Bool { get }
  /// How long the server asks to wait before it is asked again.
  var retryAfter: Duration? { get }
  /// Whether what was asked for may have been done all the same.
  var mayHaveBeenDone: Bool { get }
  /// What to do about it.
  var help: String? { get set }
}

extension RetryPolicy {
  /// Asks, and asks again where that helps and does no harm:
  /// - if the server has too much to do and did nothing: after the time that it asks for;
  /// - if no connection came about: after a pause, for nothing was asked;
  /// - if the answer was lost, or the server broke down: after a pause, if the request may be repeated.
  ///
  /// - Parameters:
  ///   - isRepeatable: whether to ask once more does no harm where it is not known whether the request was carried out.
  ///   - overload: what to do about a server that has had too much to do for minutes.
  /// - Throws: the last failure, or what else `ask` throws.
  package func again<Failure: PassingFailure, Result>(
    isRepeatable: Bool, overload: String, failing: Failure.Type, _ ask: () async throws -> Result
  ) async throws -> Result {
    var failures = 0
    var waited = Duration.zero
    while true {
      do {
        return try await ask()
      } catch var error as Failure where error.mayPass {
        guard isRepeatable || !error.mayHaveBeenDone else {
          error.help =
            "what was asked for may have been done or not: look before it is asked for again"
            + (error.help.map { "; \($0)" } ?? "")
          throw error
        }
        let pause: Duration
        if error.isOverload {
          pause = error.retryAfter.map(self.pause(asked:)) ?? self.pause(after: failures + 1)
          waited += pause
          guard waited <= patience else {
            error.help = overload
            throw error
          }
        } else {
          failures += 1
          guard failures < attempts else { throw error }
          pause = self.pause(after: failures)
        }
        try await sleep(pause)
      }
    }
  }
}
