import WorkloadSpec

extension Workload {
  /// A workload of some services.
  public static func of(_ services: Service...) -> Workload {
    var workload = Workload()
    workload.name = "shop"
    workload.services = services
    return workload
  }
}

extension Service {
  /// A service that runs a shell script.
  public static func script(
    _ name: String, _ script: String, in image: String? = nil, role: Role = .main,
    _ change: (inout Service) -> Void = { _ in }
  ) -> Service {
    var service = Service()
    service.name = name
    service.role = role
    service.image = image
    service.command = ["/bin/sh", "-c", script]
    service.stopGrace = .seconds(2)
    change(&service)
    return service
  }
}
