import WorkloadSpec

extension AnyElement {
  /// The least that changing a field costs; `nil` if there is no such field, or it does not say.
  func impact(of field: String) -> Impact? { description.fields.first { $0.name == field }?.impact }
}
