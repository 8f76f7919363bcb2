import Foundation

/// The Kubernetes provider, on a cluster of its own: against kubectl with the same objects, against the controller alone, and
/// against the slowest of its own lists.
struct KubernetesSection {
  let berth: String
  let kubectl: String
  let kubeconfig: String
  private let folder: URL

  private static let workloads = 20
  private static let objects = 60
  private static let namespace = "bench"
  private static let peer = "bench-peer"
  /// How long a way to a remote cluster is, in seconds: to it, and back from it.
  private static let distance = 0.1

  /// - Parameter kubeconfig: that of a cluster whose node has the image `busybox:local`, and on which nothing else goes on.
  static func run(berth: String, kubectl: String, kubeconfig: String) {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("berth-kubernetes-\(getpid())")
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let section = KubernetesSection(
      berth: berth, kubectl: kubectl, kubeconfig: kubeconfig, folder: folder)
    section.write(
      "berth.yaml",
      "default: bench\ntargets: {bench: {provider: kubernetes, kubeconfig: \(kubeconfig), createNamespace: true}}\n"
    )
    // Where berth finds the file that names its targets.
    _ = FileManager.default.changeCurrentDirectoryPath(folder.path)
    section.compare()
    section.reachFar()
    section.grow()
  }

  // MARK: Programs

  private func environment(_ kubeconfig: String? = nil) -> [String: String] {
    [
      "BERTH_HOME": path("home"), "KUBECONFIG": kubeconfig ?? self.kubeconfig, "HOME": path("home"),
      "BERTH_CONFIG": path("berth.yaml"),
    ]
  }

  private func perform(_ arguments: String...) -> Int {
    Program.run(berth, arguments, environment: environment())
  }

  private func peer(_ arguments: String...) -> Int {
    Program.run(kubectl, arguments, environment: environment())
  }

  private func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  private func write(_ name: String, _ text: String) {
    let file = folder.appendingPathComponent(name)
    try? FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try? Data(text.utf8).write(to: file)
  }

  // MARK: Beside kubectl

  private func compare() {
    for index in 0..<Self.workloads { write("specs/w\(index).yaml", Self.workload(index, "0")) }
    func apply() -> Int { perform("apply", "-f", "specs", "-n", Self.namespace, "--yes") }
    _ = apply()
    takeObjects()
    _ = peer("create", "namespace", Self.peer)
    func applyPeer() -> Int { peer("apply", "--server-side", "-f", "peer.json") }
    _ = applyPeer()
    for index in 0..<Self.workloads { _ = peer("rollout", "status", "deployment/w\(index)", "-n", Self.peer) }

    print("Kubernetes: \(Self.objects) objects of \(Self.workloads) workloads")
    var measure = Measure()
    measure.run(
      rounds: 21,
      [
        ("kubectl diff", { peer("diff", "--server-side", "-f", "peer.json") }),
        ("berth plan", { perform("plan", "-f", "specs", "-n", Self.namespace) }),
        ("kubectl apply", applyPeer), ("berth apply: no change", apply),
      ])
    let proxy = Proxy(kubectl, environment())
    let calls = ClusterCalls(port: proxy.port, namespace: Self.peer)
    var word = 0
    measure.run(
      rounds: 7,
      [
        (
          "controller: one changed",
          {
            word += 1
            return calls.roll("w1", word: "\(word)")
          }
        ),
        (
          "berth apply: one changed",
          {
            write("specs/w1.yaml", Self.workload(1, "\(word)"))
            return apply()
          }
        ),
      ])
    proxy.stop()
    func table(_ limit: String, _ names: String...) {
      print(measure.table(of: names, against: limit), terminator: "\n\n")
    }
    table("kubectl diff", "kubectl diff", "berth plan")
    table("kubectl apply", "kubectl apply", "berth apply: no change")
    table("controller: one changed", "controller: one changed", "berth apply: one changed")
    _ = peer("delete", "namespace", Self.peer)
  }

  /// Writes the objects that berth made as manifests for another namespace.
  private func takeObjects() {
    let text = Program.output(
      kubectl,
      [
        "get", "deployments,services,configmaps", "-n", Self.namespace, "-o", "json", "-l",
        "berth/part in (controller,service,config)",
      ], environment: environment())
    guard var list = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any],
      let found = list["items"] as? [[String: Any]], found.count == Self.objects
    else { fatalError("there are not \(Self.objects) objects: \(text.prefix(200))") }
    list["metadata"] = nil
    list["items"] = found.map { object in
      var object = object
      var metadata = object["metadata"] as? [String: Any] ?? [:]
      for key in ["uid", "resourceVersion", "creationTimestamp", "generation", "managedFields", "selfLink"] {
        metadata[key] = nil
      }
      var annotations = metadata["annotations"] as? [String: Any] ?? [:]
      annotations["deployment.kubernetes.io/revision"] = nil
      (metadata["annotations"], metadata["namespace"]) = (annotations, Self.peer)
      (object["metadata"], object["status"]) = (metadata, nil)
      if var spec = object["spec"] as? [String: Any] {
        for key in ["clusterIP", "clusterIPs"] { spec[key] = nil }
        object["spec"] = spec
      }
      return object
    }
    let json = try? JSONSerialization.data(withJSONObject: list, options: [.sortedKeys])
    write("peer.json", String(decoding: json ?? Data(), as: UTF8.self))
  }

  private static func workload(_ index: Int, _ word: String, replicas: Int = 1) -> String {
    """
    name: w\(index)
    replicas: \(replicas)
    services:
      - name: main
        image: busybox:local
        command: [sh, -c, "trap 'exit 0' TERM; httpd -f -p 8080 -h /etc/app & wait"]
        env: {WORD: "\(word)"}
        ports: [{container: 8080}]
        configFiles: [{name: app, path: /etc/app/app.conf, content: "workers: \(index)"}]
        healthCheck: {port: 8080, interval: 1s}
        stopGrace: 1s

    """
  }

  // MARK: A cluster that is far away

  private func reachFar() {
    let server = Program.output(
      kubectl, ["config", "view", "-o", "jsonpath={.clusters[0].cluster.server}"], environment: environment())
    guard let address = URLComponents(string: server), let host = address.host, let port = address.port else {
      fatalError("the cluster's address is none: \(server)")
    }
    let relay = Relay(to: host, port: port, delay: Self.distance)
    let far = distant("https://127.0.0.1:\(relay.port)", named: "kubernetes")
    write(
      "far.yaml",
      "default: far\ntargets: {far: {provider: kubernetes, kubeconfig: \(far)}}\n")
    var settings = environment(far)
    settings["BERTH_CONFIG"] = path("far.yaml")
    let farSettings = settings
    let space = "namespaces/\(Self.namespace)"
    let lists = [
      "apis/apps/v1/\(space)/deployments", "api/v1/\(space)/pods", "api/v1/\(space)/services",
      "api/v1/\(space)/configmaps",
    ]
    var measure = Measure()
    measure.run(
      rounds: 7,
      lists.map { list in
        (list, { Program.run(kubectl, ["get", "--raw", "/\(list)?limit=500"], environment: farSettings) })
      } + [
        (
          "berth plan: one workload",
          {
            Program.run(
              berth, ["plan", "-f", "specs/w1.yaml", "-n", Self.namespace], environment: farSettings)
          }
        ),
        (
          "berth plan: all",
          { Program.run(berth, ["plan", "-f", "specs", "-n", Self.namespace], environment: farSettings) }
        ),
      ])
    relay.stop()
    let slowest = lists.max { measure.median($0) < measure.median($1) }!
    print(
      "Kubernetes: a cluster that is \(Int(2000 * Self.distance)) ms away, against the slowest single list")
    print(
      measure.table(of: [slowest, "berth plan: one workload", "berth plan: all"], against: slowest),
      terminator: "\n\n")
    _ = Program.run(
      berth, ["destroy"] + (0..<Self.workloads).map { "w\($0)" } + ["-n", Self.namespace, "--yes"],
      environment: environment())
  }

  /// A kubeconfig that leads elsewhere, and checks the certificate for a name.
  private func distant(_ server: String, named name: String?) -> String {
    let text = Program.output(
      kubectl, ["config", "view", "--raw", "-o", "json"], environment: environment())
    guard var config = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any],
      var clusters = config["clusters"] as? [[String: Any]],
      var cluster = clusters.first?["cluster"] as? [String: Any]
    else { fatalError("the kubeconfig is none") }
    (cluster["server"], cluster["tls-server-name"]) = (server, name)
    if name == nil { cluster["certificate-authority-data"] = nil }
    clusters[0]["cluster"] = cluster
    config["clusters"] = clusters
    // kubectl reads it as YAML, which knows no `\/`.
    let json = try? JSONSerialization.data(withJSONObject: config, options: [.withoutEscapingSlashes])
    let file = "kubeconfig-\(name ?? "plain").json"
    write(file, String(decoding: json ?? Data(), as: UTF8.self))
    return path(file)
  }

  // MARK: Many workloads

  /// Workloads without pods: a node has room for some dozens.
  private func grow() {
    let proxy = Proxy(kubectl, environment())
    let relay = Relay(to: "127.0.0.1", port: proxy.port)
    let counted = distant("http://127.0.0.1:\(relay.port)", named: nil)
    write(
      "counted.yaml",
      "default: counted\ntargets: {counted: {provider: kubernetes, kubeconfig: \(counted)}}\n")
    var settings = environment(counted)
    settings["BERTH_CONFIG"] = path("counted.yaml")
    let counts = [250, 1000]
    for count in counts {
      let text = (0..<count).map { Self.workload($0, "0", replicas: 0) }.joined(separator: "---\n")
      write("many-\(count).yaml", text)
      _ = perform("apply", "-f", "many-\(count).yaml", "-n", "many-\(count)", "--yes")
    }
    var memory: [Int: Int] = [:]
    func plan(_ count: Int) -> Int {
      memory[count] = Program.peak(
        berth, ["plan", "-f", "many-\(count).yaml", "-n", "many-\(count)"], environment: environment())
      return 1
    }
    var measure = Measure()
    measure.run(rounds: 5, counts.map { count in ("berth plan: \(count)", { plan(count) }) })
    print("Kubernetes: \(counts.map(String.init).joined(separator: " and ")) workloads in a namespace")
    for count in counts {
      let each = measure.median("berth plan: \(count)") * 1000 / Double(count)
      let bytes = Double(memory[count] ?? 0) / Double(count) / 1024
      _ = relay.requests()
      _ = Program.run(
        berth, ["plan", "-f", "many-\(count).yaml", "-n", "many-\(count)"], environment: settings)
      let requests = relay.requests()
      let byPath = Dictionary(grouping: requests) { $0 }.map { "\($1.count) \($0)" }.sorted()
      print(
        "  \(count): \(Measure.fixed(each, 2)) ms and \(Measure.fixed(bytes, 1)) KiB each, \(requests.count) requests",
        terminator: "\n    ")
      print(byPath.joined(separator: "\n    "))
    }
    print("")
    relay.stop()
    proxy.stop()
    for count in counts { _ = peer("delete", "namespace", "many-\(count)") }
  }
}

/// `kubectl proxy`: the cluster's API without TLS, at a port of its own.
private struct Proxy {
  let port: Int
  private let process: pid_t

  init(_ kubectl: String, _ environment: [String: String]) {
    let free = Relay(to: "127.0.0.1", port: 1)
    port = free.port
    free.stop()
    process = Program.start(kubectl, ["proxy", "--port=\(port)"], environment: environment)
    for _ in 0..<100 {
      let probe = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      defer { close(probe) }
      var address = Relay.address("127.0.0.1", port)
      let result = withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          connect(probe, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
      if result == 0 { return }
      usleep(50_000)
    }
    fatalError("kubectl proxy does not listen")
  }

  func stop() {
    kill(process, SIGTERM)
    var status: Int32 = 0
    waitpid(process, &status, 0)
  }
}
