import NIOCore
import Values

@testable import NomadAPI

extension FuzzTarget {
  /// What agents of Nomad send: objects, lines of event streams, frames of logs, what is said of commands. The first byte says how
  /// long the pieces are.
  static let nomad = FuzzTarget(name: "nomad", maximumLength: 16384) { bytes in
    guard let first = bytes.first else { return }
    let rest = bytes.dropFirst()
    let whole = try? frames(of: rest, step: max(1, rest.count))
    let pieces = try? frames(of: rest, step: 1 + Int(first & 15))
    try promise(whole == pieces, "cut in pieces, other frames are read")
    _ = ExecMessage.Received(ByteBuffer(bytes: rest))
    if case .batch(let batch)? = EventLine(Array(rest)) {
      for event in batch.events {
        _ = (
          event.job?.version, event.allocation?.tasks, event.deployment?.groups, event.evaluation?.failures
        )
      }
    }
    if let version = NomadVersion(String(decoding: rest, as: UTF8.self)) {
      try promise(NomadVersion(version.description) == version, "a version is read as another: \(version)")
    }
    guard let json = try? JSON(parsing: rest) else { return }
    let job = NomadJob(json)
    _ = (job.id, job.version, job.resendable.json.text, Variable(json).items, JobPlan(json).failures)
    for failure in Evaluation(json).failures.values {
      try promise(!failure.sentence.isEmpty, "nothing is said of why there is no place")
    }
    let allocation = Allocation(json)
    _ = (allocation.tasks, allocation.ports, allocation.number, allocation.isTerminal)
  }

  private static func frames(of bytes: ArraySlice<UInt8>, step: Int) throws -> [LogFrame] {
    var splitter = FrameSplitter()
    var frames: [LogFrame] = []
    var rest = bytes
    while !rest.isEmpty {
      frames += try splitter.add(rest.prefix(step))
      rest = rest.dropFirst(step)
    }
    _ = splitter.rest()
    return frames
  }
}
