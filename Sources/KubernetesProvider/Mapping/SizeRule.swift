import WorkloadSpec

/// How large the objects of a workload may be.
enum SizeRule {
  /// The annotations of an object may have 256 KiB together: the most that the stamps of services may have, in bytes.
  static let largestStamp = 240 << 10
  /// What an object holds may have 1 MiB: the most that the config files of a service may have, in bytes.
  static let largestConfig = 1000 << 10

  /// What is too large.
  static func refusals(_ writing: Writing) -> [PodDraft.Refusal] {
    var refusals: [PodDraft.Refusal] = []
    for service in writing.workload.services {
      let size = service.configFiles.reduce(0) { $0 + $1.content.utf8.count }
      if size > largestConfig {
        refusals.append(
          .init(
            code: .providerRefuses,
            message:
              "the config files of service `\(service.name)` have \(size >> 10) KiB together, and an object of Kubernetes holds \(largestConfig >> 10)",
            help: "put large files into the image, or onto a volume"))
      }
    }
    let stamp = TemplateStamp(of: writing.workload.services, writing).text.utf8.count
    if stamp > largestStamp {
      refusals.append(
        .init(
          code: .providerRefuses,
          message:
            "what is written of workload `\(writing.key.name)` into its template has \(stamp >> 10) KiB, and Kubernetes takes \(largestStamp >> 10)",
          help: "put config files with addresses or secrets in them into the image, or onto a volume"))
    }
    return refusals
  }
}
