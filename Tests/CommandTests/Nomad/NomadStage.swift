import Foundation
import NomadAPI
import NomadFake
import Planning
import ProviderKit
import Values
import Wire

@testable import NomadProvider

/// A Nomad cluster in memory whose tasks are processes of this machine, and a folder whose berth.yaml leads there.
final class NomadStage: Stage, EndedStage, Sendable {
  /// No image is looked at: tasks are processes.
  let image = "busybox:local"
  let unit = UnitOfChange.workload
  /// Volumes are the nodes', which berth only mounts.
  let makesVolumes = false
  let namespace: String
  let cluster: FakeNomad
  nonisolated(unsafe) let sandbox: Sandbox
  let client: NomadClient
  /// Where the agent listens, on the loopback address.
  var port: Int { agent.port }
  private let agent: FakeAgent
  private let processes: TaskProcesses?

  /// - Parameters:
  ///   - acl: whether it asks for tokens; berth is given the one that may do everything, unless the environment has another.
  ///   - target: what the target says besides its address.
  ///   - runsTasks: whether tasks are processes; else they run for as long as they are wanted, and inits and what runs once per
  ///     run end with success, by the name `migrate` or `prepare`.
  ///   - judge: whether a request reaches the cluster, by its method and path; without it, all do.
  init(
    version: FakeVersion = .v1_10, nodes: [FakeNode]? = nil, acl: Bool = false, target: String = "",
    namespace: String = "default", runsTasks: Bool = true,
    judging judge: (@Sendable (_ request: String) -> Bool)? = nil
  ) async throws {
    var node = FakeNode("node-1", cpu: 16_000, memory: 32_768)
    for name in ["shop_data", "db_rows"] { node.hostVolumes[name] = false }
    // Times that jobs name are shorter, but not so short that a process that fails had not come to that on a busy machine.
    cluster = FakeNomad(
      version: version, nodes: nodes ?? [node],
      pace: FakePace(start: .milliseconds(3), scale: runsTasks ? 2 : 20), acl: acl)
    if namespace != "default" { cluster.addNamespace(namespace) }
    self.namespace = namespace
    agent = try await FakeAgent.listen(cluster)
    sandbox = try Sandbox()
    let access = NomadAccess(
      server: try ServerAddress(agent.address, schemes: [.http, .https]),
      token: acl ? FakeNomad.managementToken : nil, source: "the test")
    client = try await NomadClient.connect(to: access)
    if acl { sandbox.environment["NOMAD_TOKEN"] = FakeNomad.managementToken }
    if let judge {
      cluster.fail(.dropRequest, times: .max) { request in
        // A plan changes nothing, however it is sent.
        let method = request.path.hasSuffix("/plan") ? "GET" : request.method
        return !judge("\(method) \(request.path)")
      }
    }
    if runsTasks {
      let processes = TaskProcesses(of: cluster, in: sandbox.folder + "/nodes")
      processes.start()
      self.processes = processes
    } else {
      for name in ["migrate", "prepare", "check"] { cluster.script(task: name, .exits(0)) }
      processes = nil
    }
    try configure(target)
  }

  /// Writes the folder's berth.yaml.
  func configure(_ more: String = "", address: String? = nil) throws {
    let options = more.isEmpty ? "" : ", \(more)"
    try sandbox.write(
      "berth.yaml",
      "default: cluster\ntargets:\n  cluster: {provider: nomad, address: \"\(address ?? agent.address)\"\(options)}\n"
    )
  }

  func end() async throws {
    processes?.stop()
    agent.stop()
  }

  // MARK: Commands

  var place: [String] { namespace == "default" ? [] : ["-n", namespace] }

  /// Runs berth in the namespace.
  func berth(_ arguments: [String]) throws -> Sandbox.Result { try berth(arguments, input: nil) }

  /// Runs berth in the namespace.
  func berth(_ arguments: [String], input: String?) throws -> Sandbox.Result {
    // What follows `--` is passed on.
    let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
    return try sandbox.berth(arguments[..<end] + place + arguments[end...], input: input)
  }

  /// Runs berth in the namespace.
  func berth(_ arguments: String..., input: String? = nil) throws -> Sandbox.Result {
    try berth(arguments, input: input)
  }

  /// The names of a workload's instances, in the order in which `status` tells them.
  func instances(of workload: String) throws -> [String] {
    let status = try berth(["status", workload, "--format", "json"])
    return (try status.json["instances"]?.list ?? []).compactMap { $0["id"]?.string }
  }

  // MARK: The cluster

  /// The requests by which something was changed.
  var writes: [String] {
    cluster.requests.filter { $0.method != "GET" && !$0.path.hasSuffix("/plan") }.map {
      "\($0.method) \($0.path)"
    }
  }

  /// The jobs, and the variables that hold secrets; not the history.
  func things() async throws -> [String] {
    cluster.jobs.filter { $0.hasPrefix(namespace + "/") }.map { "job \($0)" }
      + cluster.variables(in: namespace).filter { $0.hasPrefix("nomad/") }.map { "variable \($0)" }
  }

  /// Takes it out of the job's group, and so out of each instance.
  func breakByHand(_ service: String, of workload: String) async throws {
    try await change(workload) { job in
      job.changeGroup(JobNames.group) { group in
        group["Tasks"] = .array((group["Tasks"]?.array ?? []).filter { $0["Name"]?.string != service })
      }
    }
    // Another version of the job takes the place of the instances.
    let version = try await client.jobs.read(workload, .in(namespace)).value?.version
    _ = eventually {
      let living = cluster.running(workload, in: namespace)
      return !living.isEmpty && living.allSatisfy { $0["JobVersion"]?.int == version.map { Int64($0) } }
    }
  }

  /// Changes a job as another client of the cluster does.
  func change(_ job: String, _ edit: (inout JSON) -> Void) async throws {
    guard let live = try await client.jobs.read(job, .in(namespace)).value else { return }
    var json = live.json
    edit(&json)
    _ = try await client.jobs.register(NomadJob(json).resendable, check: .none, in: namespace)
  }
}

// MARK: Many appliers

extension NomadStage: SharedStage {
  var name: String { "Nomad" }
  var source: String { "image: '\(image)', " }

  var store: RegisterStore<VariableRegisters> {
    RegisterStore(VariableRegisters(connection: NomadConnection(NomadTarget()) { [client] in client }))
  }

  var records: any ReleaseReader { store }

  func services() async throws -> [SoakService] {
    cluster.taskRuns.filter { $0.namespace == namespace }.map { run in
      SoakService(
        id: run.allocation, workload: run.job, service: run.task, version: run.spec["Env"]?["VERSION"]?.string
      )
    }
  }
}

// MARK: Kills

extension NomadStage: DoomedStage {
  static let engine = "Nomad"
  static let remains = ["variable berth/locks/shop"]
  static let ending = "which ends"

  static func make(judging judge: @escaping @Sendable (String) -> Bool) async throws -> NomadStage {
    try await NomadStage(judging: judge)
  }

  /// What there is, but for the history, without the names that a cluster makes up.
  func inventory() async throws -> [String] {
    var found: [String] = []
    for job in try await client.jobs.list(.in(namespace)).value {
      let live = try await client.jobs.read(job.id, .in(namespace)).value
      let count = live?.json.group(JobNames.group)?["Count"]?.int ?? 0
      found.append("job \(job.id), \(count) wanted, \(live?.isStopped == true ? "stopped" : "")")
    }
    for allocation in try await client.allocations.list(.in(namespace)).value where !allocation.isTerminal {
      let state = allocation.isMeantToRun ? allocation.clientStatus : Self.ending
      found.append("allocation of \(allocation.jobID), \(state)")
    }
    found += cluster.variables(in: namespace).filter {
      !$0.hasPrefix("berth/") || $0.hasPrefix("berth/locks/")
    }
    .map { "variable \($0)" }
    return found.sorted()
  }

  func unreferred(of workload: String) async throws -> [String] {
    try await store.unreferred(of: WorkloadKey(namespace: namespace, name: workload))
  }
}

extension NomadStage {
  /// A job that another client makes.
  static func foreignJob() throws -> JSON {
    try JSON(
      parsing: #"""
        {"ID": "other", "Name": "other", "Type": "service", "Datacenters": ["*"], "TaskGroups": [{
          "Name": "main", "Count": 1, "Tasks": [
            {"Name": "main", "Driver": "docker", "Config": {"image": "busybox", "entrypoint": ["/bin/sleep", "86400"]}}]}]}
        """#.utf8)
  }
}
