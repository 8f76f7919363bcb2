import Wire

/// Calls that list objects.
extension ObjectCalls {
  /// The objects, page by page, put together.
  ///
  /// `GET …?limit=…&continue=…`. Pages are asked for again after a loss. If the server no longer keeps the
  /// state that the first page was of (410 in the middle), the list begins anew, so that what is given is of
  /// one moment; if that happens once more, it is asked for as a whole.
  ///
  /// - Parameters:
  ///   - namespace: `nil` means all namespaces.
  ///   - pageSize: how many objects a page has.
  ///   - metadataOnly: whether nothing but the objects' metadata is asked for.
  package func list(
    in namespace: String? = nil, _ selection: Selection = Selection(), pageSize: Int = 500,
    metadataOnly: Bool = false
  ) async throws -> ObjectList {
    var sizes = [pageSize, pageSize, 0][...]
    while true {
      let size = sizes.removeFirst()
      do {
        return try await pages(in: namespace, selection, of: size, metadataOnly)
      } catch let error as Outdated {
        guard !sizes.isEmpty else { throw error.refusal }
      }
    }
  }

  private static let metadataType = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"

  private struct Outdated: Error { let refusal: KubernetesError }

  private func pages(
    in namespace: String?, _ selection: Selection, of pageSize: Int, _ metadataOnly: Bool
  ) async throws -> ObjectList {
    var list: ObjectList?
    var next: String?
    repeat {
      var request = selection.applied(to: Request(.GET, try type.path(ofAllIn: namespace)))
        .with("limit", pageSize > 0 ? "\(pageSize)" : nil).with("continue", next)
      if metadataOnly { request = request.with(header: "Accept", Self.metadataType) }
      let page: ObjectList
      do {
        page = try ObjectList(try await requester.call(request).json(), of: type)
      } catch let error as KubernetesError where error.isExpired && next != nil {
        throw Outdated(refusal: error)
      }
      if list == nil { list = page } else { list?.items += page.items }
      guard page.next != next || next == nil else {
        throw KubernetesError("the server gives the same page of \(type) a second time")
      }
      next = page.next
    } while next != nil
    return list!
  }
}
