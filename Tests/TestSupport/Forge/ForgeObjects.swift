import Values

/// Objects as the APIs answer with them: all that their descriptions require.
extension FakeForge {
  private static let moment = JSON.string("2026-11-30T06:00:00Z")

  static func user(_ user: User, _ kind: Kind) -> JSON {
    let page = JSON.string("https://forge.example.com/\(user.name)")
    switch kind {
    case .github:
      let links = [
        "avatar_url", "events_url", "followers_url", "following_url", "gists_url", "html_url",
        "organizations_url", "received_events_url", "repos_url", "starred_url", "subscriptions_url", "url",
      ]
      var json: JSON = [
        "login": .string(user.name), "id": .int(user.id), "node_id": "MDQ6VXNlcjE=", "gravatar_id": "",
        "type": user.isBot ? "Bot" : "User", "site_admin": false,
      ]
      for link in links { json[link] = page }
      return json
    case .gitlab:
      return [
        "id": .int(user.id), "username": .string(user.name), "name": .string(user.name), "state": "active",
        "avatar_url": page, "web_url": page,
      ]
    case .gitea:
      return [
        "id": .int(user.id), "login": .string(user.name), "full_name": "", "email": "", "avatar_url": page,
        "html_url": page, "is_admin": false, "active": true, "created": moment,
      ]
    }
  }

  static func json(_ comment: Comment, _ number: Int64, _ kind: Kind) -> JSON {
    let page = JSON.string("https://forge.example.com/ada/shop/pull/\(number)#issuecomment-\(comment.id)")
    switch kind {
    case .github:
      return [
        "id": .int(comment.id), "node_id": "IC_kwDO", "url": page, "html_url": page, "issue_url": page,
        "body": .string(comment.text), "user": user(comment.author, kind), "created_at": moment,
        "updated_at": moment, "author_association": "NONE",
      ]
    case .gitlab:
      return [
        "id": .int(comment.id), "type": nil, "body": .string(comment.text),
        "author": user(comment.author, kind),
        "created_at": moment, "updated_at": moment, "system": .bool(comment.isSystem), "noteable_id": 2,
        "noteable_type": "MergeRequest", "project_id": 5, "noteable_iid": .int(number), "resolvable": false,
        "confidential": false, "internal": false,
      ]
    case .gitea:
      return [
        "id": .int(comment.id), "html_url": page, "pull_request_url": page, "issue_url": "",
        "user": user(comment.author, kind), "original_author": "", "original_author_id": 0,
        "body": .string(comment.text), "assets": [], "created_at": moment, "updated_at": moment,
      ]
    }
  }

  static func json(_ merge: Merge, _ kind: Kind) -> JSON {
    switch kind {
    case .github:
      [
        "number": .int(merge.number), "state": "closed", "merged_at": moment,
        "merge_commit_sha": .string(merge.commit), "base": ["ref": .string(merge.branch)],
      ]
    case .gitlab:
      [
        "iid": .int(merge.number), "state": "merged", "merged_at": moment,
        "target_branch": .string(merge.branch), "merge_commit_sha": .string(merge.commit),
        "squash_commit_sha": nil, "sha": "0000000000000000000000000000000000000000",
      ]
    case .gitea:
      [
        "number": .int(merge.number), "state": "closed", "merged": true, "merged_at": moment,
        "merge_commit_sha": .string(merge.commit), "base": ["ref": .string(merge.branch)],
      ]
    }
  }
}
