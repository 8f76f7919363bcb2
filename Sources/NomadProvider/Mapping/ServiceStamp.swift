import ProviderKit
import WorkloadSpec

/// What berth writes on a job of the workload that it was made from.
typealias JobStamp = ControllerStamp<NomadWorkload>

extension ControllerStamp<NomadWorkload> {
  /// The stamp of some services of a workload.
  init(of services: [Service], _ writing: Writing) {
    let context = writing.context
    // What is left out of it is told of the job: texts of which nothing is filled in stand there as they are.
    self.init(
      of: services.map { ControllerServiceStamp(of: $0, context, writing.texts) }, in: writing.workload)
  }
}

extension Writing {
  /// How texts are filled in, as far as it counts whether anything is.
  var texts: ServiceTexts { ServiceTexts(root: facts.driver.runsImages ? "" : "\0") { _ in "\0" } }
}
