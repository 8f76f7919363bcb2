import Supervisor

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Does work that blocks on a thread of its own, so that the few threads that Swift's tasks share stay free.
///
/// - Throws: what the work throws; ``SystemError`` if there can be no thread.
func offload<Success: Sendable>(
  _ work: @escaping @Sendable (Cancellation) throws -> Success
) async throws -> Success {
  let cancellation = Cancellation()
  return try await withTaskCancellationHandler {
    try await withCheckedThrowingContinuation { continuation in
      let job = ThreadJob { continuation.resume(with: Result { try work(cancellation) }) }
      if let error = job.start() { continuation.resume(throwing: error) }
    }
  } onCancel: {
    cancellation.cancel()
  }
}

/// Work on its way to a thread.
private final class ThreadJob: Sendable {
  private let body: @Sendable () -> Void

  init(_ body: @escaping @Sendable () -> Void) { self.body = body }

  /// Starts a thread that does the work and ends.
  ///
  /// - Returns: why there is none.
  func start() -> SystemError? {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    #if canImport(Glibc)
      var thread = pthread_t()
    #else
      var thread: pthread_t?
    #endif
    // The thread owns the job from here on, unless it can't be made.
    let job = Unmanaged.passRetained(self)
    let code = pthread_create(&thread, &attributes, runThreadJob, job.toOpaque())
    guard code != 0 else { return nil }
    job.release()
    return SystemError("start a thread", code: code)
  }

  fileprivate func run() {
    // A reader that went away is an error of the write, not the end of the program.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    body()
  }
}

// What a thread starts with has a shape that differs between systems.
#if canImport(Glibc)
  private func runThreadJob(_ job: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let job { Unmanaged<ThreadJob>.fromOpaque(job).takeRetainedValue().run() }
    return nil
  }
#else
  private func runThreadJob(_ job: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    Unmanaged<ThreadJob>.fromOpaque(job).takeRetainedValue().run()
    return nil
  }
#endif
