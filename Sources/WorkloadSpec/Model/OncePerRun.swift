extension Role {
  /// Whether a service runs to its end, and is ready when that was a success.
  public var isRunToEnd: Bool {
    switch self {
    case .`init`, .before: true
    case .main, .sidecar: false
    }
  }
}

extension Workload {
  /// The services that run once per run, before any instance changes, in the order in which they run.
  public var befores: [Service] {
    let befores = services.filter { $0.role == .before }
    guard befores.count > 1 else { return befores }
    let indices = befores.indicesByName
    return ServiceOrder(befores).startOrder.compactMap { name in indices[name].map { befores[$0] } }
  }

  /// The workload without the services that run once per run: what its instances consist of.
  public var ofInstances: Workload {
    guard services.contains(where: { $0.role == .before }) else { return self }
    var workload = self
    workload.services.removeAll { $0.role == .before }
    return workload
  }
}
