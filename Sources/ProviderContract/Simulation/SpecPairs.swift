import Planning
import Values
import WorkloadSpec

/// Pairs of valid workloads, before and after, made from a seed: the same seed makes the same pair.
public struct SpecPairs: Sendable {
  private var random: SplitMix64
  private let body: Body

  /// The pairs of a seed.
  ///
  /// - Parameter body: what the workloads hold.
  public init(seed: UInt64, body: Body = .services) {
    random = SplitMix64(state: seed)
    self.body = body
  }

  /// A workload, and what became of it after a few edits.
  public mutating func next() -> (before: Workload, after: Workload) {
    let before = workload()
    var after = before
    for _ in 0..<Int.random(in: 0...4, using: &random) {
      switch body {
      case .services: edit(&after)
      case .machine: editMachine(&after)
      case .objects: editObjects(&after)
      }
    }
    share(&after)
    return (before, after)
  }

  /// A workload, without what became of it.
  public mutating func workload() -> Workload {
    var workload = Workload()
    workload.name = "shop"
    switch body {
    case .services: workload.kind = chance(4) ? .statefulSet : .deployment
    case .machine: workload.kind = .machineGroup
    case .objects: workload.kind = .objectSet
    }
    workload.replicas = chance(5) ? nil : workload.kind.isSingle ? 1 : Int.random(in: 0...4, using: &random)
    workload.strategy.type =
      !workload.kind.takesSuccessors
      ? pick([.recreate, .rolling]) : pick([.recreate, .rolling, .rolling, .blueGreen, .canary])
    workload.strategy.maxSurge = Int.random(in: 1...2, using: &random)
    workload.strategy.maxUnavailable = Int.random(in: 0...2, using: &random)
    if chance(3) { workload.labels = ["team": pick(["a", "b"])] }
    switch body {
    case .services: addServices(to: &workload)
    case .machine:
      workload.machine = Machine()
      workload.machine?.image = "image-1"
      for _ in 0..<3 { editMachine(&workload) }
    case .objects: for _ in 0..<Int.random(in: 1...6, using: &random) { editObjects(&workload) }
    }
    share(&workload)
    return workload
  }

  private mutating func addServices(to workload: inout Workload) {
    let count = Int.random(in: 1...6, using: &random)
    let main = Int.random(in: 0..<count, using: &random)
    for index in 0..<count {
      workload.services.append(service("s\(index)", index == main ? .main : chance(3) ? .`init` : .sidecar))
    }
    if chance(3) {
      for index in 0...Int.random(in: 0...1, using: &random) {
        workload.services.insert(service("b\(index)", .before), at: 0)
      }
    }
    connect(&workload)
  }

  private mutating func editMachine(_ workload: inout Workload) {
    switch Int.random(in: 0...6, using: &random) {
    case 0: workload.replicas = Int.random(in: 0...4, using: &random)
    case 1: workload.labels["team"] = pick(["a", "b", "c"])
    case 2: workload.machine?.image = "image-\(Int.random(in: 1...3, using: &random))"
    case 3: workload.machine?.type = pick(["small", "large", nil])
    case 4: workload.machine?.disk = ByteQuantity(bytes: Int64.random(in: 1...4, using: &random) << 30)
    case 5: workload.machine?.userData = pick(["start", "start --fast", nil])
    default: workload.machine?.subnets = pick([[], ["a"], ["a", "b"]])
    }
  }

  /// Adds, changes or takes away an object. Each may need those with a smaller name.
  private mutating func editObjects(_ workload: inout Workload) {
    let name = "o\(Int.random(in: 0...5, using: &random))"
    if workload.objects.count > 1, chance(4) {
      workload.objects.removeAll { $0.object == name }
    } else {
      var object = Manifest()
      (object.apiVersion, object.kind, object.object) = (chance(4) ? "v2" : "v1", "Widget", name)
      object.content = Tree([
        "spec": ["count": Value(Int.random(in: 0...3, using: &random)), "tags": chance(2) ? ["a"] : []]
      ])
      workload.objects.removeAll { $0.object == name }
      workload.objects.append(object)
    }
    if workload.objects.isEmpty { return editObjects(&workload) }
    let names = workload.objects.map(\.name)
    for index in workload.objects.indices {
      let own = workload.objects[index].name
      workload.objects[index].dependsOn = StringSet(names.filter { $0 < own && chance(3) })
    }
  }

  /// Lets several instances of a deployment write to its persistent volumes, and now and then the only one.
  private mutating func share(_ workload: inout Workload) {
    let isShared = workload.replicas ?? 1 > 1 || chance(4)
    for service in workload.services.indices {
      for volume in workload.services[service].volumes.indices
      where workload.services[service].volumes[volume].type == .persistent {
        workload.services[service].volumes[volume].access = isShared ? .many : .one
      }
    }
  }

  private mutating func service(_ name: String, _ role: Role) -> Service {
    var service = Service()
    service.name = name
    service.role = role
    service.command = ["/bin/\(name)", "\(Int.random(in: 0...2, using: &random))"]
    fill(&service)
    return service
  }

  private mutating func fill(_ service: inout Service) {
    if chance(2) { service.env[pick(["A", "B", "C"])] = "\(Int.random(in: 0...3, using: &random))" }
    if chance(3) { service.image = pick(["example.com/a:1", "example.com/b:2"]) }
    if chance(3), service.role != .before { service.ports = [port(Int.random(in: 80...83, using: &random))] }
    if chance(4) {
      service.resources.memory = ByteQuantity(bytes: Int64.random(in: 1...4, using: &random) << 20)
    }
    if chance(4) { service.restart = pick([.always, .onFailure, .never]) }
    if chance(4), !service.role.isRunToEnd {
      var check = HealthCheck()
      check.port = 80
      check.retries = Int.random(in: 1...5, using: &random)
      service.healthCheck = check
    }
    if chance(4) {
      var volume = Volume()
      // What writes to a shared volume beside instances is for a workload to decide.
      volume.name = service.role == .before ? "scratch" : pick(["data", "cache"])
      volume.mountPath = "/\(volume.name)"
      volume.type = volume.name == "data" ? .persistent : .ephemeral
      service.volumes = [volume]
    }
    if chance(4) {
      var file = ConfigFile()
      file.name = "app"
      file.path = "/etc/app"
      file.content = "\(Int.random(in: 0...3, using: &random))\n"
      service.configFiles = [file]
    }
    if chance(5) { service.annotations = ["owner": pick(["x", "y"])] }
    if chance(6) { service.pullPolicy = pick([.always, .never]) }
  }

  private mutating func port(_ number: Int) -> Port {
    var port = Port()
    port.container = number
    return port
  }

  /// Gives services dependencies that make no cycle: each only on those before it, inits only on inits.
  private mutating func connect(_ workload: inout Workload) {
    for index in workload.services.indices {
      let role = workload.services[index].role
      let candidates = workload.services[..<index].filter {
        role == .before ? $0.role == .before : role != .`init` || $0.role.isRunToEnd
      }.map(\.name)
      workload.services[index].dependsOn = StringSet(candidates.filter { _ in chance(3) })
    }
    // Main before a sidecar in the list may also be reached through one: both orders of the pair occur.
  }

  private mutating func edit(_ workload: inout Workload) {
    switch Int.random(in: 0...7, using: &random) {
    case 0: workload.replicas = Int.random(in: 0...4, using: &random)
    case 1:
      let removable = workload.services.indices.filter { workload.services[$0].role != .main }
      guard let index = removable.randomElement(using: &random) else { return }
      let name = workload.services.remove(at: index).name
      for index in workload.services.indices {
        let left = workload.services[index].dependsOn.elements.filter { $0 != name }
        workload.services[index].dependsOn = StringSet(left)
      }
    case 2: workload.services.append(service("t\(Int.random(in: 0...2, using: &random))", .sidecar))
    case 3: workload.labels["team"] = pick(["a", "b", "c"])
    case 4: workload.services.shuffle(using: &random)
    default:
      let index = Int.random(in: 0..<workload.services.count, using: &random)
      fill(&workload.services[index])
    }
    // A name that was added twice would not be valid.
    var seen: Set<String> = []
    workload.services.removeAll { !seen.insert($0.name).inserted }
  }

  private mutating func chance(_ oneIn: Int) -> Bool { Int.random(in: 0..<oneIn, using: &random) == 0 }

  private mutating func pick<T>(_ choices: [T]) -> T {
    choices[Int.random(in: 0..<choices.count, using: &random)]
  }
}

/// Sebastiano Vigna's splitmix64: small, fast, and the same everywhere.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// The numbers of a seed.
  public init(state: UInt64) { self.state = state }

  /// The next number.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
