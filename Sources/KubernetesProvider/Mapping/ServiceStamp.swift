import ProviderKit
import WorkloadSpec

/// What berth writes on a service of a template: which run made it, and what it was made from.
typealias ServiceStamp = ControllerServiceStamp

/// What berth writes on a template, or on a controller, of the workload that it was made from.
typealias TemplateStamp = ControllerStamp<KubernetesWorkload>

extension ControllerStamp<KubernetesWorkload> {
  /// The stamp of some services of a workload.
  init(of services: [Service], _ writing: Writing) {
    let context = writing.context
    self.init(of: services.map { ServiceStamp(of: $0, context, $0.texts) }, in: writing.workload)
  }
}
