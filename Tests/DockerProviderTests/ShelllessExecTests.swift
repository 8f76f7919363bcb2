import DockerAPI
import Foundation
import Planning
import ProviderKit
import TestSupport
import Testing
import WorkloadSpec

@testable import DockerProvider

/// Commands in an image that holds one program and nothing else.
@Suite(.serialized, TestEngine.isThere) struct ShelllessExecTests {
  @Test("A command that is cancelled is ended") func aCommandThatIsCancelledIsEnded() async throws {
    try await withDocker { world in
      let client = try await world.connection.client()
      let image = "\(world.namespace)/sleep:1"
      let program = try Data(contentsOf: URL(fileURLWithPath: "/bin/busybox"))
      _ = try await client.images.importArchive(
        TarWriter.archive([.file("sleep", Array(program), mode: 0o755)]), as: image)
      let service = Service.idle("api") {
        $0.image = image
        $0.command = ["/sleep", "1000"]
        $0.stopGrace = .seconds(0)
      }
      try await world.create(.of(service))
      // A length that no other process has.
      let length = "\(UInt32.random(in: 100_000...900_000))"
      let request = ExecRequest(
        key: world.key, instance: InstanceID(0), service: "api", command: ["/sleep", length])
      let command = Task {
        try await world.provider.exec(request, input: AsyncStream { $0.finish() }) { _ in }
      }
      try await eventually("the command runs") { Self.runs(length) }
      command.cancel()
      await #expect(throws: CancellationError.self) { try await command.value }
      try await eventually("the command is gone") { !Self.runs(length) }
      #expect(try await world.observed("api").state == .running)
      // Its images go as well.
      try await world.end()
    }
  }

  /// Whether a process of this machine has been given a word.
  private static func runs(_ word: String) -> Bool {
    let folders = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return folders.contains { folder in
      guard Int(folder) != nil, let file = fopen("/proc/\(folder)/cmdline", "r") else { return false }
      defer { fclose(file) }
      var buffer = [UInt8](repeating: 0, count: 4096)
      let count = fread(&buffer, 1, buffer.count, file)
      return buffer[..<count].split(separator: 0).contains { $0.elementsEqual(word.utf8) }
    }
  }
}
