import Wire

/// Which objects are listed or watched.
package struct Selection: Sendable, Equatable {
  /// By labels, as `kubectl -l` takes it: `app=shop,tier!=db`.
  package var labels: String?
  /// By fields, as `kubectl --field-selector` takes it: `metadata.name=shop`.
  package var fields: String?

  /// A selection; without anything, all are meant.
  package init(labels: String? = nil, fields: String? = nil) {
    self.labels = labels
    self.fields = fields
  }

  func applied(to request: Request) -> Request {
    request.with("labelSelector", labels).with("fieldSelector", fields)
  }
}
