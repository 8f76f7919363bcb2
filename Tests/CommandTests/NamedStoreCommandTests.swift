import Foundation
import Testing
import Values

/// Targets whose history another one's engine keeps, by the program.
@Suite struct NamedStoreCommandTests {
  let sandbox: Sandbox

  init() throws {
    sandbox = try Sandbox()
    try sandbox.write(
      "w.yaml", "name: w\nservices: [{name: main, stopGrace: 1s, command: [sleep, '86400']}]\n")
  }

  @Test("`store: local` on local processes is where they keep it anyway")
  func storeLocalOnLocalProcesses() throws {
    #expect(try sandbox.berth("apply", "-f", "w.yaml", "--yes").status == 0)
    try sandbox.write("berth.yaml", "default: lab\ntargets: {lab: {provider: local, store: local}}\n")
    let plan = try sandbox.berth("plan", "-f", "w.yaml", "--detailed-exitcode")
    #expect(plan.status == 0, "\(plan.output)\(plan.errors)")
    #expect(try sandbox.releaseNumbers("w") == [1])
    #expect(try sandbox.berth("destroy", "w", "--yes").status == 0)
    #expect(try sandbox.berth("providers", "--target", "lab").status == 0)
  }

  @Test("A store that leads nowhere is an error with its place") func aStoreThatLeadsNowhere() throws {
    try sandbox.write("berth.yaml", "targets:\n  lab:\n    provider: local\n    store: lokal\n")
    let result = try sandbox.berth("plan", "-f", "w.yaml")
    #expect(result.status == 1)
    #expect(
      result.errors.contains("error[E0730]") && result.errors.contains("berth.yaml:4:12"), "\(result.errors)")
    #expect(result.errors.contains("did you mean `local`?"))
  }

  @Test("A configuration that was found sends no history to another machine")
  func aConfigurationThatWasFoundSendsNoHistory() throws {
    for host in ["tcp://127.0.0.1:9", "ssh://ada@build.example.com"] {
      try sandbox.write(
        "berth.yaml",
        "default: lab\ntargets:\n  lab: {provider: local, store: far}\n  far: {provider: docker, host: \"\(host)\"}\n"
      )
      for command in [["plan", "-f", "w.yaml"], ["apply", "-f", "w.yaml", "--yes"], ["history", "w"]] {
        let result = try sandbox.berth(command)
        #expect(result.status == 1 && result.errors.contains("error[E0712]"), "\(command): \(result.errors)")
        #expect(result.errors.contains("the target `far`"), "\(result.errors)")
      }
    }
    #expect(sandbox.homeFiles().isEmpty)
  }

  @Test("A store that is not there is an error that names it") func aStoreThatIsNotThere() throws {
    try sandbox.write(
      "berth.yaml",
      "default: lab\ntargets:\n  lab: {provider: local, store: far}\n  far: {provider: docker, host: 'unix:///nowhere/docker.sock'}\n"
    )
    let result = try sandbox.berth("plan", "-f", "w.yaml")
    #expect(result.status == 1 && result.errors.contains("error[E0704]"), "\(result.errors)")
    #expect(result.errors.contains("the target `far`, which keeps the history of `lab`"), "\(result.errors)")
    let providers = try sandbox.berth("providers", "--target", "lab")
    #expect(
      providers.status == 1 && providers.output.contains("which keeps its history"), "\(providers.output)")
  }
}

/// The same with a Docker engine: processes of this machine whose history the engine keeps, and the other way round.
@Suite(.serialized, DockerStage.isThere) struct NamedStoreDockerTests {
  private let host = ProcessInfo.processInfo.environment["BERTH_TEST_DOCKER_HOST"] ?? ""

  /// Takes away what the stage left on the engine, and the archives of the histories that it kept.
  private func end(_ stage: DockerStage) async throws {
    try await stage.end()
    let isArchive = { (name: String) in
      name.hasPrefix("berth.local.") && !name.hasPrefix("berth.local.test-") && name.hasSuffix(".store")
    }
    for container in try await stage.client.containers.list() where container.names.contains(where: isArchive)
    {
      try await stage.client.containers.remove(container.id, force: true)
    }
    for volume in try await stage.client.volumes.list() where isArchive(volume.name) {
      try await stage.client.volumes.remove(volume.name)
    }
  }

  @Test("Processes keep their history on an engine") func processesKeepTheirHistoryOnAnEngine() async throws {
    let stage = try await DockerStage()
    do {
      let sandbox = stage.sandbox
      try sandbox.write(
        "berth.yaml",
        "default: lab\ntargets:\n  lab: {provider: local, store: engine}\n  engine: {provider: docker, host: \"\(host)\"}\n"
      )
      sandbox.environment["BERTH_CONFIG"] = sandbox.folder + "/berth.yaml"
      try sandbox.write(
        "w.yaml",
        "name: w\nservices: [{name: main, stopGrace: 1s, command: [sleep, '86400'], env: {A: '1'}}]\n")
      let file = ["-f", "w.yaml", "--yes"]
      #expect(try stage.berth(["apply"] + file).status == 0)
      try sandbox.write(
        "w.yaml",
        "name: w\nservices: [{name: main, stopGrace: 1s, command: [sleep, '86400'], env: {A: '2'}}]\n")
      #expect(try stage.berth(["apply"] + file).status == 0)
      #expect(!FileManager.default.fileExists(atPath: sandbox.home + "/local/berth.db"))
      #expect(try await !stage.history().isEmpty)
      // The engine's own target knows nothing of it.
      let other = try stage.berth(["history", "w", "-t", "engine"])
      #expect(other.status != 0 || !other.output.contains("succeeded"), "\(other.output)\(other.errors)")
      let rollback = try stage.berth(["rollback", "w", "--to", "1", "--yes"])
      #expect(rollback.status == 0, "\(rollback.errors)")
      let history = try stage.berth(["history", "w", "--format", "json"]).json
      #expect(history.list?.compactMap { $0["number"]?.int } == [3, 2, 1])
      #expect(try stage.berth(["destroy", "w", "--yes"]).status == 0)
    } catch {
      try await end(stage)
      throw error
    }
    try await end(stage)
  }

  @Test("An engine's workloads have their history on this machine")
  func anEnginesWorkloadsHaveTheirHistoryHere() async throws {
    let stage = try await DockerStage()
    do {
      let sandbox = stage.sandbox
      try sandbox.write(
        "berth.yaml",
        "default: engine\ntargets:\n  engine: {provider: docker, host: \"\(host)\", store: local}\n")
      sandbox.environment["BERTH_CONFIG"] = sandbox.folder + "/berth.yaml"
      #expect(try stage.apply("--yes").status == 0)
      #expect(try await stage.history().isEmpty)
      #expect(try stage.releaseNumbers() == [1])
      #expect(FileManager.default.fileExists(atPath: sandbox.home + "/local/stores/docker"))
      let again = try stage.berth(["plan", "--detailed-exitcode"] + stage.spec())
      #expect(again.status == 0, "\(again.output)\(again.errors)")
      #expect(try stage.berth(["destroy", "web", "--volumes", "--yes"]).status == 0)
    } catch {
      try await end(stage)
      throw error
    }
    try await end(stage)
  }
}
