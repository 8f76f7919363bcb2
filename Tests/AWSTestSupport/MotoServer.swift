import Foundation
import Synchronization
import Testing

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// AWS's services as moto imitates them: a server of its own on a free port of 127.0.0.1.
public final class MotoServer: Sendable {
  private let process: Process
  private let log: String
  /// The address, such as `http://127.0.0.1:41213`.
  public let address: String

  /// Where the tests that need it say so, should it not be installed.
  public static var isInstalled: some SuiteTrait & TestTrait {
    .enabled(if: isThere, "needs moto: pip install 'moto[server,s3]'")
  }

  private static let isThere: Bool = {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", "import moto.server, flask, flask_cors"]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()

  /// One that all tests of the process share. It ends with the process.
  public static let shared = Task { try await MotoServer() }

  /// It did not start.
  public struct Failure: Error, CustomStringConvertible {
    public let description: String
  }

  /// Starts one.
  public init() async throws {
    log = NSTemporaryDirectory() + "moto-\(UUID().uuidString).log"
    guard FileManager.default.createFile(atPath: log, contents: nil),
      let output = FileHandle(forWritingAtPath: log)
    else { throw Failure(description: "\(log) can't be written") }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    // It ends when the process that started it does: standard input is closed then.
    let program = """
      import os, sys, threading
      threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
      sys.argv = ["moto", "-H", "127.0.0.1", "-p", "0"]
      from moto.server import main
      main()
      """
    process.arguments = ["python3", "-u", "-c", program]
    process.standardInput = Pipe()
    process.standardOutput = output
    process.standardError = output
    var environment = ProcessInfo.processInfo.environment
    environment["MOTO_S3_DEFAULT_KEY_BUFFER_SIZE"] = "16777216"
    process.environment = environment
    try process.run()
    self.process = process
    var found: String?
    for _ in 0..<600 where found == nil && process.isRunning {
      try await Task.sleep(for: .milliseconds(100))
      let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
      found = text.firstMatch(of: /Running on (http:\/\/127\.0\.0\.1:[0-9]+)/).map { String($0.1) }
    }
    guard let found else {
      process.terminate()
      throw Failure(
        description: "moto did not start: \((try? String(contentsOfFile: log, encoding: .utf8)) ?? "")")
    }
    address = found
  }

  /// What it wrote last, for a failing test.
  public var lastLines: String {
    ((try? String(contentsOfFile: log, encoding: .utf8)) ?? "").split(separator: "\n").suffix(20).joined(
      separator: "\n")
  }

  /// Ends it.
  public func stop() {
    process.terminate()
    for _ in 0..<100 where process.isRunning { usleep(50_000) }
    try? FileManager.default.removeItem(atPath: log)
  }
}

extension MotoServer {
  /// Makes a bucket.
  public func makeBucket(_ name: String) async throws {
    var request = URLRequest(url: URL(string: "\(address)/\(name)")!)
    request.httpMethod = "PUT"
    request.setValue(
      "AWS4-HMAC-SHA256 Credential=AKIA1/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0",
      forHTTPHeaderField: "Authorization")
    let (data, response) = try await URLSession.shared.data(for: request)
    guard (response as? HTTPURLResponse)?.statusCode == 200 else {
      throw Failure(description: "the bucket was not made: \(String(decoding: data, as: UTF8.self))")
    }
  }
}
