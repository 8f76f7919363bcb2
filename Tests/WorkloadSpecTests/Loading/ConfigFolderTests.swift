import Diagnostics
import Foundation
import Testing
import UserFiles
import WorkloadSpec

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Config files that a whole folder holds.
@Suite struct ConfigFolderTests {
  /// A spec that takes a folder, in a folder of its own that goes with it.
  fileprivate final class Scene {
    let root = FileManager.default.temporaryDirectory.path + "/berth-\(UUID().uuidString)"
    var folder: String { root + "/conf" }

    init() throws {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let spec =
        "name: a\nservices: [{name: x, command: [y], configFiles: [{name: c, path: /etc/c, folder: conf}]}]\n"
      try Data(spec.utf8).write(to: URL(filePath: root + "/w.yaml"))
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    func write(_ path: String, _ bytes: some Collection<UInt8>) throws {
      let file = URL(filePath: "\(folder)/\(path)")
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: file)
    }

    func load() -> Loaded { Loaded(result: WorkloadLoader.load(paths: [root + "/w.yaml"])) }
  }

  @Test("All files are taken with their places and modes") func allFilesAreTakenWithTheirPlacesAndModes()
    throws
  {
    let scene = try Scene()
    try scene.write("site.conf", "a ${var.x} $5".utf8)
    try scene.write("conf.d/run.sh", "#!".utf8)
    try scene.write(".git/config", "token".utf8)
    #expect(chmod("\(scene.folder)/conf.d/run.sh", 0o700) == 0)
    let loaded = scene.load()
    #expect(loaded.problems == [], "\(loaded.messages)")
    let files = try #require(loaded.workload?.main?.configFiles)
    #expect(Set(files.map(\.path)) == ["/etc/c/conf.d/run.sh", "/etc/c/site.conf"])
    #expect(files.first { $0.path == "/etc/c/conf.d/run.sh" }?.mode == "0755")
    #expect(files.first { $0.path == "/etc/c/site.conf" }?.mode == nil)
    #expect(files.first { $0.path == "/etc/c/site.conf" }?.content == "a ${var.x} $5")
    // A file has one name for ever, whatever lies beside it.
    let name = files.first { $0.path == "/etc/c/site.conf" }?.name
    try scene.write("another.conf", "b".utf8)
    #expect(scene.load().workload?.main?.configFiles.first { $0.path == "/etc/c/site.conf" }?.name == name)
  }

  /// What a folder can hold that is no config.
  enum Hindrance: String, CaseIterable {
    case nothing, link, linkToAFolder, socket, pipe, nameThatIsNoText, contentThatIsNoText, oneLargeFile
    case muchTogether, tooDeep, noFolder, aFile

    var code: DiagnosticCode { self == .contentThatIsNoText ? .notUTF8 : .configFolder }

    /// What the message says of it.
    var words: String {
      switch self {
      case .nothing: "there is no file in"
      case .link, .linkToAFolder: "a symbolic link"
      case .socket: "socket"
      case .pipe: "pipe"
      case .nameThatIsNoText: "the name of a file"
      case .contentThatIsNoText: "data.bin` is not valid UTF-8"
      case .oneLargeFile: "big.conf"
      case .muchTogether: "larger than 8 MiB together"
      case .tooDeep: "too deep"
      case .noFolder: "conf"
      case .aFile: "conf"
      }
    }

    fileprivate func make(in scene: Scene) throws {
      let folder = scene.folder
      if self != .nothing { try scene.write("app.conf", "a".utf8) }
      switch self {
      case .nothing:
        try FileManager.default.createDirectory(atPath: folder + "/empty", withIntermediateDirectories: true)
      case .link: #expect(symlink("app.conf", folder + "/link") == 0)
      case .linkToAFolder: #expect(symlink("/etc", folder + "/link") == 0)
      case .socket: try Self.makeSocket(folder + "/s")
      case .pipe: #expect(mkfifo(folder + "/pipe", 0o600) == 0)
      case .nameThatIsNoText:
        let descriptor = (Array("\(folder)/".utf8) + [0xff, 0]).withUnsafeBufferPointer { bytes in
          bytes.withMemoryRebound(to: CChar.self) { open($0.baseAddress!, O_CREAT | O_WRONLY, 0o600) }
        }
        #expect(close(descriptor) == 0)
      case .contentThatIsNoText: try scene.write("data.bin", [0xff, 0xfe])
      case .oneLargeFile: try scene.write("big.conf", repeatElement(UInt8(ascii: "x"), count: (1 << 20) + 1))
      case .muchTogether:
        for index in 0..<9 {
          try scene.write("\(index).conf", repeatElement(UInt8(ascii: "x"), count: 1 << 20))
        }
      case .tooDeep: try scene.write((0..<40).map { "d\($0)/" }.joined() + "app.conf", "a".utf8)
      case .noFolder: try FileManager.default.removeItem(atPath: folder)
      case .aFile:
        try FileManager.default.removeItem(atPath: folder)
        try Data().write(to: URL(filePath: folder))
      }
    }

    private static func makeSocket(_ path: String) throws {
      let socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
      defer { close(socket) }
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      try #require(path.utf8.count < MemoryLayout.size(ofValue: address.sun_path))
      withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
      let result = withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
      }
      #expect(result == 0)
    }
  }

  @Test("What is no config is reported where the folder is named", arguments: Hindrance.allCases)
  func whatIsNoConfigIsReportedWhereTheFolderIsNamed(
    _ what: Hindrance
  ) throws {
    let scene = try Scene()
    try what.make(in: scene)
    let loaded = scene.load()
    #expect(loaded.result.diagnostics.map(\.code) == [what.code], "\(loaded.messages)")
    #expect(loaded.result.diagnostics.first?.message.contains(what.words) == true, "\(loaded.messages)")
    #expect(loaded.result.diagnostics.first?.help != nil)
    let place = loaded.result.diagnostics.first?.location
    #expect(place?.line == 2 && place?.file.name.hasSuffix("w.yaml") == true)
    #expect(loaded.workload == nil)
  }

  @Test("Ten thousand files are taken and one more is not") func tenThousandFilesAreTakenAndOneMoreIsNot()
    throws
  {
    let scene = try Scene()
    for index in 0..<ConfigFile.maximumCount { try scene.write("\(index % 100)/\(index).conf", "x".utf8) }
    let loaded = scene.load()
    #expect(loaded.problems == [], "\(loaded.messages.prefix(3))")
    #expect(loaded.workload?.main?.configFiles.count == ConfigFile.maximumCount)
    try scene.write("more.conf", "x".utf8)
    #expect(scene.load().result.diagnostics.map(\.code) == [.configFolder])
  }
}
