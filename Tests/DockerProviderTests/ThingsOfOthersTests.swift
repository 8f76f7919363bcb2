import Diagnostics
import DockerAPI
import Engine
import Foundation
import Planning
import ProviderKit
import Testing
import WorkloadSpec

@testable import DockerProvider

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a workload uses that berth did not make: it is there, it is no other workload's, and the target allows it.
@Suite(.serialized, TestEngine.isThere) struct ThingsOfOthersTests {
  private static func mounting(_ type: VolumeType, _ source: String) -> Workload {
    .of(
      .idle("api") {
        var volume = WorkloadSpec.Volume.at("/data", type, "data")
        volume.source = source
        $0.volumes = [volume]
      })
  }

  private static func joining(_ name: String) -> Workload {
    .of(
      .idle("api") {
        var network = JoinedNetwork()
        network.name = name
        $0.network.join = [network]
      })
  }

  /// What a plan is refused with; nothing is made by it.
  private static func refusal(of workload: Workload, in world: DockerWorld) async throws -> Diagnostics {
    let before = try await world.leftovers()
    let error = await #expect(throws: DiagnosticError.self) { try await world.plan(workload) }
    #expect(try await world.leftovers() == before)
    return error?.diagnostics ?? Diagnostics()
  }

  @Test("Nothing of the kind is allowed unless the target says so")
  func nothingOfTheKindIsAllowedUnlessTheTargetSaysSo() async throws {
    try await withDocker { world in
      for (workload, word) in [
        (Self.mounting(.bind, "/tmp"), "bind"), (Self.mounting(.external, "x"), "external-volumes"),
        (Self.joining("x"), "external-networks"),
      ] {
        let refusal = try await Self.refusal(of: workload, in: world)
        #expect(refusal.map(\.code) == [.notAllowed])
        #expect(refusal.first?.help?.contains("allow: [\(word)]") == true)
      }
    }
  }

  @Test("What is not there is said by the plan") func whatIsNotThereIsSaidByThePlan() async throws {
    try await withDocker { world in
      let world = world.allowing([.bind, .externalVolumes, .externalNetworks])
      let absent = "\(world.namespace)_absent"
      let pipe = FileManager.default.temporaryDirectory.path + "/\(absent)"
      #expect(mkfifo(pipe, 0o600) == 0)
      defer { unlink(pipe) }
      for (workload, code, words) in [
        (Self.mounting(.external, absent), DiagnosticCode.providerRefuses, "has no volume"),
        (Self.joining(absent), .providerRefuses, "has no network"),
        (Self.mounting(.bind, "/\(absent)"), .badBindSource, "is not there"),
        (Self.mounting(.bind, pipe), .badBindSource, "neither a folder nor a regular file"),
      ] {
        let refusal = try await Self.refusal(of: workload, in: world)
        #expect(refusal.map(\.code) == [code])
        #expect(refusal.first?.message.contains(words) == true, "\(refusal.map(\.message))")
        #expect(refusal.first?.help != nil)
      }
    }
  }

  @Test("What belongs to a workload of another namespace is never reached")
  func whatBelongsToAWorkloadOfAnotherNamespaceIsNeverReached() async throws {
    try await withDocker { other in
      try await other.apply(
        .of(
          .idle("api") { $0.volumes = [.at("/data", .persistent, "data")] }, .idle("proxy", role: .sidecar)))
      let names = EngineNames(key: other.key)
      try await CommonNetworks(client: other.connection.client()).make(
        NetworkCreation(
          name: names.sharedNetwork, labels: Label.sharedNetwork(of: other.namespace, run: RunID("run-1"))))
      try await withDocker { world in
        let world = world.allowing(Set(Permission.allCases))
        for (workload, words) in [
          (Self.mounting(.external, names.volume(.shared("data"))), "belongs to the workload"),
          (Self.joining(names.network(of: InstanceID(0))), "belongs to the workload"),
          (Self.joining(names.sharedNetwork), "have in common"),
        ] {
          let refusal = try await Self.refusal(of: workload, in: world)
          #expect(refusal.map(\.code) == [.providerRefuses])
          #expect(refusal.first?.message.contains(words) == true)
        }
      }
    }
  }

  @Test("What is there is used and left where it is") func whatIsThereIsUsedAndLeftWhereItIs() async throws {
    try await withDocker { world in
      let client = try await world.connection.client()
      let world = world.allowing([.externalVolumes])
      let name = "\(world.namespace)_given"
      try await client.volumes.create(VolumeCreation(name: name))
      try await world.apply(Self.mounting(.external, name))
      _ = try await world.output(of: "echo row > /data/rows", in: "api")
      try await world.reach(.destroy(volumes: true))
      #expect(try await world.leftovers().contains(name))
      try await world.apply(Self.mounting(.external, name))
      #expect(try await world.output(of: "cat /data/rows", in: "api") == "row\n")
    }
  }
}
