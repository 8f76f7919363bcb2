import Foundation
import NIOSSL
import Testing

@testable import DockerAPI

// Skipped where there is no openssl to make certificates with.
@Suite(.enabled(if: Certificates.canBeMade)) struct TLSTests {
  @Test("The engine and the client show each other their certificates") func bothEndsProveWhoTheyAre()
    async throws
  {
    let certificates = try Certificates()
    let engine = try await certificates.engine(client: DockerTLS(folder: certificates.folder))
    defer { engine.stop() }
    let docker = try await DockerClient.connect(to: engine.endpoint)
    #expect(try await docker.volumes.list().isEmpty)
    // Connections of their own are encrypted, too.
    let error = await #expect(throws: DockerError.self) {
      try await docker.execs.start("x", terminal: false) { _ in }
    }
    #expect(error?.status == 200)
  }

  @Test("An engine that no authority vouches for is refused") func anEngineThatNobodyVouchesForIsRefused()
    async throws
  {
    let certificates = try Certificates()
    var tls = DockerTLS(folder: certificates.folder)
    tls.authority = "\(certificates.folder)/other-ca.pem"
    let engine = try await certificates.engine(client: tls)
    defer { engine.stop() }
    let error = await #expect(throws: DockerError.self) {
      try await DockerClient.connect(to: engine.endpoint)
    }
    #expect(
      error?.message.hasPrefix("no safe connection to tcp://127.0.0.1") == true, "\(error?.message ?? "")")
    tls.verifies = false
    let unverified = try await certificates.engine(client: tls)
    defer { unverified.stop() }
    _ = try await DockerClient.connect(to: unverified.endpoint)
  }

  @Test("An engine of another name is refused") func anEngineOfAnotherNameIsRefused() async throws {
    let certificates = try Certificates(names: "IP:127.0.0.2,DNS:engine.example.com")
    let engine = try await certificates.engine(client: DockerTLS(folder: certificates.folder))
    defer { engine.stop() }
    let error = await #expect(throws: DockerError.self) {
      try await DockerClient.connect(to: engine.endpoint)
    }
    #expect(error?.message.hasPrefix("no safe connection") == true, "\(error?.message ?? "")")
  }

  @Test("Who shows no certificate is turned away") func whoShowsNoCertificateIsTurnedAway() async throws {
    let certificates = try Certificates()
    let engine = try await certificates.engine(client: DockerTLS(authority: "\(certificates.folder)/ca.pem"))
    defer { engine.stop() }
    await #expect(throws: DockerError.self) { try await DockerClient.connect(to: engine.endpoint) }
  }

  @Test("A port that wants TLS is no plain one") func aPortThatWantsTLSIsNoPlainOne() async throws {
    let certificates = try Certificates()
    let engine = try await certificates.engine(client: DockerTLS(folder: certificates.folder))
    defer { engine.stop() }
    guard case .tcp(let host, let port, _) = engine.endpoint else { return }
    let error = await #expect(throws: DockerError.self) {
      try await DockerClient.connect(to: .tcp(host: host, port: port, tls: nil))
    }
    #expect(error?.help?.contains("TLS") == true, "\(error?.message ?? "")")
  }

  @Test("A file that can't be used is named", arguments: ["missing", "garbage"])
  func aFileThatCantBeUsedIsNamed(_ kind: String) throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "berth-\(UUID().uuidString).pem").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    if kind == "garbage" { try "garbage".write(toFile: path, atomically: true, encoding: .utf8) }
    for tls in [DockerTLS(authority: path), DockerTLS(certificate: path), DockerTLS(key: path)] {
      let error = #expect(throws: DockerError.self) { try tls.configuration() }
      #expect(error?.message.contains(path) == true)
    }
  }
}

/// Certificates for an engine and its client, made for one test.
private final class Certificates {
  static let canBeMade = (try? openssl(["version"], in: "/")) == true

  let folder: String

  init(names: String = "IP:127.0.0.1") throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "berth-tls-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for authority in ["ca", "other-ca"] {
      try make(authority, extension: "basicConstraints=critical,CA:TRUE")
    }
    try make("server", extension: "subjectAltName=\(names)", authority: "ca")
    try make("cert", extension: "extendedKeyUsage=clientAuth", authority: "ca")
    try FileManager.default.moveItem(atPath: "\(folder)/cert-key.pem", toPath: "\(folder)/key.pem")
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// An engine that asks for a certificate.
  func engine(client: DockerTLS) async throws -> FakeEngine {
    var server = TLSConfiguration.makeServerConfiguration(
      certificateChain: try NIOSSLCertificate.fromPEMFile("\(folder)/server.pem").map { .certificate($0) },
      privateKey: .privateKey(try NIOSSLPrivateKey(file: "\(folder)/server-key.pem", format: .pem)))
    server.trustRoots = .file("\(folder)/ca.pem")
    server.certificateVerification = .noHostnameVerification
    return try await FakeEngine.start(tls: (server, client)) { line in
      line.hasPrefix("HEAD") ? .send([FakeEngine.pong]) : .send([FakeEngine.answer("200 OK", "{}")])
    }
  }

  private func make(_ name: String, extension: String, authority: String? = nil) throws {
    let request = [
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
      "-subj", "/CN=\(name)", "-addext", `extension`, "-keyout", "\(name)-key.pem", "-out", "\(name).pem",
    ]
    let signer = authority.map { ["-CA", "\($0).pem", "-CAkey", "\($0)-key.pem"] } ?? []
    try #require(try Self.openssl(request + signer, in: folder))
  }

  private static func openssl(_ arguments: [String], in folder: String) throws -> Bool {
    let openssl = Process()
    openssl.executableURL = URL(filePath: "/usr/bin/env")
    openssl.arguments = ["openssl"] + arguments
    openssl.currentDirectoryURL = URL(filePath: folder)
    openssl.standardOutput = FileHandle.nullDevice
    openssl.standardError = FileHandle.nullDevice
    try openssl.run()
    openssl.waitUntilExit()
    return openssl.terminationStatus == 0
  }
}
