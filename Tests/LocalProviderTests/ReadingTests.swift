import Planning
import ProviderKit
import TestSupport
import Testing
import WorkloadSpec

@testable import LocalProvider
@testable import Supervisor

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The reading half creates nothing and says what only this machine can tell.
@Suite struct ReadingTests {
  @Test("Reading creates nothing") func readingCreatesNothing() async throws {
    try await withWorld { world in
      let workload = Workload.of(.script("api", "exec sleep 1000"))
      let observation = try await world.observe()
      #expect(observation.instances.isEmpty && observation.volumes.isEmpty && observation.gaps.isEmpty)
      _ = try await world.provider.info()
      #expect(await world.provider.health().isHealthy)
      #expect(try await world.provider.assess(workload, as: world.key, given: observation).isEmpty)
      #expect(try await world.lines("api").isEmpty)
      #expect(Files.kind(world.home) == nil)
    }
  }

  @Test("Looking at a running instance changes no file") func lookingAtARunningInstanceChangesNoFile()
    async throws
  {
    try await withWorld { world in
      let workload = Workload.of(.script("api", "exec sleep 1000"))
      try await world.perform(.create, "api", of: workload)
      let before = try Files.read(world.folder().state)
      let names = try Files.names(in: world.folder().path)
      for _ in 0..<3 { _ = try await world.observe() }
      let after = try Files.read(world.folder().state)
      #expect(before == after)
      #expect(try Files.names(in: world.folder().path) == names)
    }
  }

  @Test("The engine is told apart by its home") func theEngineIsToldApartByItsHome() async throws {
    try await withWorld { world in
      let info = try await world.provider.info()
      let again = LocalProvider(home: world.home + "/../local/", store: EmptyStore(), region: "lab")
      let other = LocalProvider(home: world.home + "2", store: EmptyStore())
      let link = world.home + "-link"
      try #require(symlink("/tmp", link) == 0)
      let linked = LocalProvider(home: link + world.home.dropFirst(4), store: EmptyStore())
      let linkedInfo = try await linked.info()
      #expect(info.identity == linkedInfo.identity)
      let againInfo = try await again.info()
      let otherInfo = try await other.info()
      #expect(info.identity == againInfo.identity)
      #expect(info.identity != otherInfo.identity)
      #expect(againInfo.region == "lab")
      #expect(info.location == MachineFacts.hostName)
    }
  }

  @Test("What is not ours is foreign") func whatIsNotOursIsForeign() async throws {
    try await withWorld { world in
      try Files.makeFolders(world.folder().path)
      try Files.makeFolders(world.layout.instances + "/default_shop_x")
      try Files.makeFolders(world.layout.instances + "/default_shop-2_0")
      let observation = try await world.observe()
      #expect(observation.foreign.map(\.name) == [world.folder().path])
      await #expect(throws: ProviderError.self) {
        try await world.perform(.create, "api", of: .of(.script("api", "exec sleep 1000")))
      }
      await #expect(throws: ProviderError.self) { try await world.deleteInstance() }
      #expect(Files.isFolder(world.folder().path))
      try Files.remove(world.folder().path)
    }
  }

  @Test("A state that cannot be read is a gap") func aStateThatCannotBeReadIsAGap() async throws {
    try await withWorld { world in
      try Files.makeFolders(world.folder().path)
      try Files.replace(world.folder().state, with: Array("{".utf8), durably: false)
      let observation = try await world.observe()
      #expect(observation.gaps.count == 1)
      #expect(observation.instances.isEmpty && observation.foreign.isEmpty)
      try Files.remove(world.folder().path)
    }
  }

  @Test("What local processes cannot do is said") func whatLocalProcessesCannotDoIsSaid() async throws {
    try await withWorld { world in
      let workload = Workload.of(
        .script("api", "exec sleep 1000") {
          $0.image = "nginx:1.27"
          $0.resources.disk = ByteQuantity("1Gi")
        },
        .script("proxy", "", role: .sidecar) {
          $0.image = "envoy:1.30"
          $0.command = []
        },
        .script("odd", "", role: .sidecar) { $0.command = ["berth-no-such-program"] },
        .script("later", "", role: .sidecar) { $0.command = ["${root}/bin/tool"] })
      let observation = try await world.observe()
      let notes = try await world.provider.assess(workload, as: world.key, given: observation)
      #expect(notes.map(\.code) == [.providerRefuses, .providerRefuses, .providerNote, .providerNote])
      #expect(notes[0].message.contains("`berth-no-such-program`"))
      #expect(notes[1].message.contains("`proxy`"))
      #expect(notes[2].message.contains("`api` and `proxy`"))
      #expect(notes[3].message.hasPrefix("`resources.disk` of `api` is only recorded"))
      #expect(notes.allSatisfy { $0.code == .providerNote || $0.help != nil })
    }
  }

  @Test("An action that makes no sense here is a failure") func anActionThatMakesNoSenseHereIsAFailure()
    async throws
  {
    try await withWorld { world in
      await #expect(throws: ActionFailure.self) {
        try await world.provider.perform(Action(.scale, .workload), in: world.context(nil))
      }
    }
  }
}
