import Values
import Wire

/// Calls that read and write objects of one type.
///
/// A request that the server refuses for having too much to do, or that never reached it, is asked again.
/// Where an answer is lost, it depends on the call whether it is asked again: see each.
package struct ObjectCalls: Sendable {
  let requester: Requester
  let type: ResourceType

  // MARK: Reading

  /// An object.
  ///
  /// `GET …/{name}`. Asked again after a loss: reading changes nothing.
  ///
  /// - Throws: ``KubernetesError``; with ``KubernetesError/isNotFound`` if there is none.
  package func get(_ name: String, in namespace: String? = nil) async throws -> KubernetesObject {
    try await object(Request(.GET, try type.path(namespace: namespace, name: name)))
  }

  /// A part of an object that is read by itself, such as `scale` or `status`.
  ///
  /// `GET …/{name}/{subresource}`. Asked again after a loss.
  package func get(
    _ name: String, in namespace: String? = nil, subresource: String
  ) async throws -> KubernetesObject {
    try await object(Request(.GET, try type.path(namespace: namespace, name: name, subresource: subresource)))
  }

  // MARK: Writing

  /// Makes an object.
  ///
  /// `POST …`. Asked again after a loss if the object has a name of its own: the server makes no second one
  /// of that name. If it then says that there is one, and that one has all labels and annotations that were
  /// sent, and was made by this field manager, it is ours, and the call succeeds. An object without labels
  /// and annotations can't be told from another's: then the refusal stands.
  ///
  /// - Throws: ``KubernetesError``; with ``KubernetesError/isAlreadyExists`` if there is one of that name.
  package func create(_ object: KubernetesObject, _ options: WriteOptions) async throws -> KubernetesObject {
    let name = object.name
    let request = options.applied(to: Request(.POST, try type.path(namespace: object.namespace)))
      .with(object.json).repeatable(!name.isEmpty)
    return try await self.object(request) { refusal in
      guard refusal.isAlreadyExists, !options.isDryRun else { return nil }
      return try await answer(object.reference) { found in
        let isMarked = !object.labels.isEmpty || !object.annotations.isEmpty
        return isMarked && found.metadata.contains(Self.marks(of: object))
          && found.managers.contains { $0.name == options.fieldManager && $0.operation == "Update" }
      }
    }
  }

  /// Writes the fields that are given, and gives up those that this manager gave before and does not give
  /// now: server-side apply.
  ///
  /// `PATCH …/{name}`. Asked again after a loss: applying the same twice is applying it once. If the object
  /// names the `resourceVersion` that it must still have, the second one is refused; then what is there is
  /// read, and if it holds all that was sent, the call succeeds.
  ///
  /// - Parameter force: whether fields are taken from other managers that wrote them.
  /// - Throws: ``KubernetesError``; with ``KubernetesError/isConflict`` if another manager wrote a field and
  ///   would lose it. Its causes name the fields.
  package func apply(
    _ object: KubernetesObject, _ options: WriteOptions, force: Bool = false, subresource: String? = nil
  ) async throws -> KubernetesObject {
    let path = try type.path(namespace: object.namespace, name: object.name, subresource: subresource)
    let request = options.applied(to: Request(.PATCH, path)).with("force", force ? "true" : "false")
      .with(object.json, as: "application/apply-patch+yaml").repeatable()
    return try await self.object(
      request, settle: settling(object.json, at: object.reference, options, subresource))
  }

  /// Changes some fields of an object.
  ///
  /// `PATCH …/{name}`. Asked again after a loss if the patch is a merge, which says what shall be; if it
  /// names the `resourceVersion` that the object must still have, as for ``update(_:_:subresource:)``. A list
  /// of steps or a strategic merge is not: done twice, it may do something else.
  ///
  /// - Throws: ``KubernetesError``; with ``KubernetesError/mayHaveBeenDone`` if that is not known.
  package func patch(
    _ name: String, in namespace: String? = nil, _ patch: Patch, _ options: WriteOptions,
    subresource: String? = nil
  ) async throws -> KubernetesObject {
    let path = try type.path(namespace: namespace, name: name, subresource: subresource)
    let request = options.applied(to: Request(.PATCH, path)).with(patch.json, as: patch.mediaType)
      .repeatable(patch.isRepeatable)
    guard case .merge(let json) = patch else { return try await object(request) }
    let place = ObjectReference(name: name, namespace: namespace)
    return try await object(request, settle: settling(json, at: place, options, subresource))
  }

  /// Puts an object in the place of the one that is there. If it names a `resourceVersion`, only if the
  /// object still has it: that is how two writers do not overwrite each other.
  ///
  /// `PUT …/{name}`. Asked again after a loss. Without a `resourceVersion`, the second one puts the same.
  /// With one, it is refused if the first was done; then what is there is read, and if it holds all that was
  /// sent, the call succeeds. So what is written to take a lock must differ between those who want it, and
  /// between one time and the next.
  ///
  /// - Throws: ``KubernetesError``; with ``KubernetesError/isConflict`` if the object has another
  ///   `resourceVersion`.
  package func update(
    _ object: KubernetesObject, _ options: WriteOptions, subresource: String? = nil
  ) async throws -> KubernetesObject {
    let path = try type.path(namespace: object.namespace, name: object.name, subresource: subresource)
    let request = options.applied(to: Request(.PUT, path)).with(object.json).repeatable()
    return try await self.object(
      request, settle: settling(object.json, at: object.reference, options, subresource))
  }

  /// Deletes an object, or begins to: one with finalizers goes when they are done.
  ///
  /// `DELETE …/{name}`. Asked again after a loss only if the object's `uid` is given: then the second one
  /// can't delete another object that has come to the name, and that there is none any more, or another one,
  /// means that it was done.
  ///
  /// - Returns: the object, if it is still there because of its finalizers; else `nil`.
  /// - Throws: ``KubernetesError``; with ``KubernetesError/isNotFound`` if there is none, with
  ///   ``KubernetesError/isConflict`` if it is another one.
  @discardableResult
  package func delete(
    _ name: String, in namespace: String? = nil, _ deletion: Deletion = Deletion()
  ) async throws -> KubernetesObject? {
    let request = Request(.DELETE, try type.path(namespace: namespace, name: name)).with(deletion.json)
      .repeatable(deletion.uid != nil)
    let answer = try await requester.call(request) { refusal in
      guard refusal.isNotFound || refusal.isConflict, deletion.uid != nil else { return nil }
      // Of the preconditions, it may also be the version that is another one: then it is still there.
      if refusal.isConflict, let found = try? await get(name, in: namespace), found.uid == deletion.uid {
        return nil
      }
      return Answer(status: 200, headers: [:], body: (["kind": "Status"] as JSON).buffer)
    }
    let json = try answer.json()
    return json["kind"]?.string == "Status" ? nil : KubernetesObject(json)
  }

  // MARK: Asking

  private func object(
    _ request: Request, settle: ((KubernetesError) async throws -> Answer?)? = nil
  ) async throws -> KubernetesObject {
    KubernetesObject(try await requester.call(request, settle: settle).json())
  }

  /// What a conflict means that follows a loss: if the object holds all that was sent, it was done.
  private func settling(
    _ sent: JSON, at place: ObjectReference, _ options: WriteOptions, _ subresource: String?
  ) -> (KubernetesError) async throws -> Answer? {
    { refusal in
      guard refusal.isConflict, sent.at("metadata", "resourceVersion")?.string != nil, !options.isDryRun,
        subresource == nil
      else { return nil }
      var sent = sent
      var metadata = sent["metadata"] ?? [:]
      // What a server counts or keeps by itself.
      for key in ["resourceVersion", "managedFields", "generation", "creationTimestamp"] {
        metadata[key] = nil
      }
      sent["metadata"] = metadata
      sent["status"] = nil
      return try await answer(place) { $0.json.contains(sent) }
    }
  }

  /// The object as an answer, if it is as it should be.
  private func answer(
    _ reference: ObjectReference, if isOurs: (KubernetesObject) -> Bool
  ) async throws -> Answer? {
    let request = Request(.GET, try type.path(namespace: reference.namespace, name: reference.name))
    do {
      let answer = try await requester.call(request)
      return isOurs(KubernetesObject(try answer.json())) ? answer : nil
    } catch let error as KubernetesError where error.isNotFound || error.isForbidden {
      return nil
    }
  }

  private static func marks(of object: KubernetesObject) -> JSON {
    var marks: JSON = [:]
    for key in ["labels", "annotations"] { marks[key] = object.metadata[key] }
    return marks
  }
}
