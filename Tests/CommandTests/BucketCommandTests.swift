import AWSTestSupport
import Foundation
import Testing
import Values

/// A target whose history is in a bucket, by the program.
@Suite(MotoServer.isInstalled) struct BucketCommandTests {
  @Test("Apply, history, rollback and destroy, with nothing of it on this machine") func aStory() async throws
  {
    let stage = try await BucketStage()
    let sandbox = stage.sandbox
    func spec(_ version: Int) throws {
      try sandbox.write(
        "w.yaml",
        "name: w\nservices: [{name: main, stopGrace: 1s, command: [sleep, '86400'], env: {VERSION: '\(version)'}}]\n"
      )
    }
    try spec(1)
    let first = try sandbox.berth("apply", "-f", "w.yaml", "--yes")
    #expect(first.status == 0, "\(first.output)\(first.errors)")
    try spec(2)
    #expect(try sandbox.berth("plan", "-f", "w.yaml", "--detailed-exitcode").status == 2)
    #expect(try sandbox.berth("plan", "-f", "w.yaml", "--out", "plan.json").status == 0)
    let applied = try sandbox.berth("apply", "plan.json", "--yes")
    #expect(applied.status == 0, "\(applied.errors)")
    #expect(try sandbox.releaseNumbers("w") == [1, 2])
    #expect(try sandbox.berth("rollback", "w", "--to", "1", "--yes").status == 0)
    #expect(try sandbox.releaseNumbers("w") == [1, 2, 3])
    #expect(try sandbox.berth("providers").status == 0)
    #expect(try sandbox.berth("destroy", "w", "--yes").status == 0)
    #expect(!FileManager.default.fileExists(atPath: sandbox.home + "/local/berth.db"))
    #expect(try await stage.records.workloads(in: nil).map(\.name) == ["w"])
  }

  @Test("What is wrong with the bucket is told with its code, and no secret") func whatIsWrong() async throws
  {
    let stage = try await BucketStage()
    let sandbox = stage.sandbox
    try sandbox.write(
      "w.yaml", "name: w\nservices: [{name: main, stopGrace: 1s, command: [sleep, '86400']}]\n")
    let moto = try await MotoServer.shared.value
    for (store, code) in [
      ("{s3: no-such-bucket-here/team, endpoint: '\(moto.address)'}", "E0735"),
      ("{s3: history/team, endpoint: 'http://127.0.0.1:9'}", "E0704"),
      ("{s3: history/team, endpoint: 'ftp://x'}", "E0711"),
      ("{s3: history/team, endpoint: '\(moto.address)', profile: gone}", "E0716"),
      ("s3://X", "E0730"), ("s4://history", "E0730"),
    ] {
      try sandbox.write("berth.yaml", "default: lab\ntargets: {lab: {provider: local, store: \(store)}}\n")
      let result = try sandbox.berth("plan", "-f", "w.yaml")
      #expect(result.status == 1 && result.errors.contains("error[\(code)]"), "\(store): \(result.errors)")
      #expect(!(result.output + result.errors).contains("planted-secret"))
    }
    // A configuration that was found sends nothing to another machine.
    sandbox.environment["BERTH_CONFIG"] = ""
    try sandbox.write(
      "berth.yaml", "default: lab\ntargets: {lab: {provider: local, store: 's3://history/team'}}\n")
    let result = try sandbox.berth("plan", "-f", "w.yaml")
    #expect(result.status == 1 && result.errors.contains("error[E0712]"), "\(result.errors)")
  }
}
