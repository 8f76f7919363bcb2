import Foundation
import Testing

/// What fuzzing found once, and what is good to begin with, in every run of the tests: `make fuzz` looks for more.
@Suite struct CorpusTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Corpus")

  private static func inputs(of target: String) throws -> [URL] {
    try FileManager.default.contentsOfDirectory(
      at: folder.appending(path: target), includingPropertiesForKeys: nil
    ).sorted { $0.path < $1.path }
  }

  @Test("Every input ends well", arguments: FuzzTarget.all)
  func everyInputEndsWell(_ target: FuzzTarget) throws {
    let inputs = try Self.inputs(of: target.name)
    #expect(!inputs.isEmpty, "\(target) has no inputs")
    for input in inputs {
      #expect(throws: Never.self, "\(input.lastPathComponent)") {
        try target.check([UInt8](Data(contentsOf: input)))
      }
    }
  }

  /// A folder that no target reads would be forgotten.
  @Test("Every folder has a target") func everyFolderHasATarget() throws {
    let folders = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
    #expect(Set(folders) == Set(FuzzTarget.all.map(\.name)))
  }

  @Test("The seeds end well", arguments: FuzzTarget.all)
  func theSeedsEndWell(_ target: FuzzTarget) throws {
    let root = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL
    for seed in target.seeds {
      let files = FileManager.default.enumerator(atPath: root.appending(path: seed).path)
      for case let file as String in files ?? .init() where file.hasSuffix(".yaml") {
        let bytes = try [UInt8](Data(contentsOf: root.appending(path: "\(seed)/\(file)")))
        #expect(throws: Never.self, "\(seed)/\(file)") { try target.check(bytes) }
      }
    }
  }
}
