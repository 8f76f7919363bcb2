import Foundation
import Testing
import WorkloadSpec

/// `berth cluster` where no engine is needed: what it refuses, and how.
@Suite struct ClusterRefusalTests {
  private static let configuration = """
    targets:
      near: {provider: docker, host: "unix:///no/such/near.sock"}
      far: {provider: docker, host: "unix:///no/such/far.sock"}

    """

  @Test(
    "each refusal has its code, and ends with status 1",
    arguments: [
      ("list -t near", "E1002"), ("status dev -t near", "E1002"), ("start dev -t near", "E1002"),
      ("delete dev -t near --yes", "E1002"), ("list --all-targets", "E1002"),
      ("list -t near --scheme k3", "E1004"), ("stop dev -t near --scheme docker", "E1004"),
      ("list -t local", "E1006"), ("nodes dev -t local", "E1006"), ("list", "E1007"),
      ("start dev", "E1007"), ("list -t nera", "E0711"), ("delete dev -t near", "E0707"),
    ])
  func refusals(_ command: String, _ code: String) throws {
    let sandbox = try Sandbox()
    try sandbox.write("berth.yaml", Self.configuration)
    let result = try sandbox.berth(["cluster"] + command.split(separator: " ").map(String.init))
    #expect(result.status == 1)
    #expect(result.errors.contains("[\(code)]"), "\(result.errors)")
    #expect(!result.output.contains("No clusters."))
  }

  @Test("every target that can't be asked is named, for programs as well")
  func allTargets() throws {
    let sandbox = try Sandbox()
    try sandbox.write("berth.yaml", Self.configuration)
    let result = try sandbox.berth("cluster", "list", "--all-targets", "--format", "json")
    #expect(result.status == 1)
    let unavailable = try result.json["unavailable"]?.list ?? []
    #expect(unavailable.map { $0["target"] } == ["far", "near"])
    #expect(unavailable.allSatisfy { $0["code"] == "E1002" && $0["message"]?.string?.isEmpty == false })
    #expect(try result.json["clusters"] == [])
  }

  @Test("without a berth.yaml, the engine that the docker client would use is asked")
  func standardTarget() throws {
    let sandbox = try Sandbox()
    sandbox.environment["DOCKER_HOST"] = "unix:///no/such/docker.sock"
    for command in [["list"], ["list", "-t", "docker"], ["list", "--all-targets"]] {
      let result = try sandbox.berth(["cluster"] + command)
      #expect(result.status == 1)
      #expect(result.errors.contains("`docker`") && result.errors.contains("/no/such/docker.sock"))
    }
  }
}
