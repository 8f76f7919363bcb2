import NIOCore
import Planning
import Rendering
import Values
import Wire

@testable import DockerAPI
@testable import DockerProvider

extension FuzzTarget {
  /// What an engine says of a container, up to what is observed of a service.
  static let container = FuzzTarget(name: "container", maximumLength: 16384) { bytes in
    _ = try? EngineJSON.decode(DockerAPI.Container.self, from: bytes)
    guard let container = try? EngineJSON.decode(DockerAPI.Container.self, from: bytes) else { return }
    let key = WorkloadKey(namespace: "default", name: "shop")
    let names = EngineNames(key: key)
    _ = names.volume(named: container.name)
    guard let labels = container.config.labels,
      let stamp = try? ServiceStamp(labels: labels, key: key)
    else { return }
    let again = try? ServiceStamp(labels: stamp.labels, key: key)
    try promise(again == stamp, "labels are read as others: \(stamp.labels)")
    let reader = ContainerReader(
      names: names, container: container, stamp: stamp, service: stamp.spec, table: .standard)
    let now = Timestamp(milliseconds: 1_795_661_220_000)
    let observed = reader.observed(configFiles: [], probe: nil, host: "localhost", now: now)
    let observation = Observation(
      engine: EngineIdentity(provider: "docker", id: "x"),
      instances: [ObservedInstance(id: stamp.stamp.instance, services: [observed])])
    let status = WorkloadStatus(
      key: key, target: "local", observation: observation, release: nil, lastRun: nil)
    try checkShown(StatusText.render(status, now: now, style: TextStyle()))
  }

  /// Output of containers: messages of two streams, in pieces of any length, up to lines. The first byte says how
  /// long the pieces are.
  static let frames = FuzzTarget(name: "frames") { bytes in
    guard let first = bytes.first else { return }
    let message = bytes.dropFirst()
    let whole = read(message, step: max(1, message.count))
    let pieces = read(message, step: 1 + Int(first & 15))
    try promise(whole.bytes == pieces.bytes, "cut in pieces, other bytes are read")
    try promise(whole.failure == pieces.failure, "cut in pieces, it fails otherwise")
    try promise(whole.lines == pieces.lines, "cut in pieces, other lines are read")
    try promise(whole.bytes.count <= message.count, "more is read than there is")
  }

  private struct Output: Equatable {
    var bytes: [UInt8] = []
    var lines: [ContainerLogLine] = []
    var failure: DockerError?
  }

  private static func read(_ message: ArraySlice<UInt8>, step: Int) -> Output {
    var parser = FrameParser()
    var output = Output()
    var lines: [ContainerLogLine] = []
    var assemblers = [OutputChunk.Stream.output, .error].map {
      LogLineAssembler(stream: $0, hasTimes: true, limit: 64)
    }
    do {
      var rest = message
      while !rest.isEmpty {
        let piece = rest.prefix(step)
        rest = rest.dropFirst(step)
        for chunk in try parser.add(piece) {
          output.bytes += chunk.bytes
          lines += assemblers[chunk.stream == .output ? 0 : 1].add(chunk)
        }
      }
      try parser.finish()
      // Where it fails, how much was read before depends on the pieces.
      output.lines = lines + [assemblers[0].finish(), assemblers[1].finish()].compactMap(\.self)
    } catch {
      output.failure = error as? DockerError
      output.bytes = []
    }
    return output
  }

  /// The answer of an engine that is asked to hand over a connection.
  static let handshake = FuzzTarget(name: "handshake") { bytes in
    guard let answer = try? HandshakeAnswer(ByteBuffer(bytes: bytes)) else { return }
    let body = try? answer.body(upTo: Transport.longestError)
    try promise(body?.readableBytes ?? 0 <= bytes.count, "more is read than there is")
    let error = DockerError.refusal(
      status: answer.status, headers: answer.headers, body: body ?? nil, from: .unix(path: "/run/docker.sock")
    )
    try promise(!error.message.isEmpty, "nothing is said of what went wrong")
  }

  /// Archives, as engines send files in.
  static let tar = FuzzTarget(name: "tar", maximumLength: 16384) { bytes in
    guard let entries = try? TarReader.entries(of: bytes) else { return }
    let known = entries.filter { $0.kind != .other }
    let again = try TarReader.entries(of: TarWriter.archive(known))
    try promise(again == known, "an archive is read as another: \(known)")
    for entry in entries {
      let parts = entry.path.split(separator: "/", omittingEmptySubsequences: false)
      try promise(
        !parts.contains("..") && !entry.path.hasPrefix("/"), "\(entry.path) leads out of its folder")
    }
  }

  /// Lines of JSON, as engines tell of progress and of events. The first byte says how they are cut in pieces.
  static let lines = FuzzTarget(name: "lines") { bytes in
    guard let first = bytes.first else { return }
    var splitter = LineSplitter.ofEngine(limit: 1024)
    var lines: [[UInt8]] = []
    var rest = bytes.dropFirst()
    while !rest.isEmpty {
      let piece = rest.prefix(1 + Int(first))
      rest = rest.dropFirst(piece.count)
      guard let added = try? splitter.add(piece) else { return }
      lines += added
    }
    if let last = splitter.finish() { lines.append(last) }
    for line in lines {
      try promise(line.count <= 1024, "a line is longer than the limit")
      _ = try? EngineJSON.decode(PullProgress.Line.self, from: line)
      _ = try? EngineJSON.decode(EngineEvent.self, from: line)
      _ = EngineTime(String(decoding: line, as: UTF8.self))
      if let stats = try? EngineJSON.decode(ContainerStats.self, from: line) { _ = stats.memory.working }
    }
  }
}
