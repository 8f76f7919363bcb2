extension DiagnosticCatalogue {
  static let forges: [DiagnosticCode: DiagnosticEntry] = [
    .notInPipeline: DiagnosticEntry(
      title: "The environment is not that of a pipeline",
      explanation: """
        `--comment` and `--expect-comment` find the repository, the pull request and the address of the API in the variables \
        that a pipeline gives its jobs: `GITHUB_API_URL` and `GITHUB_REPOSITORY` of GitHub, Gitea and Forgejo, `CI_API_V4_URL` \
        and `CI_PROJECT_ID` of GitLab. Outside of a pipeline, print the plan by `--format markdown`.
        """,
      wrong: "berth plan -f shop.yaml --comment github # on a laptop",
      right: "berth plan -f shop.yaml --format markdown"),
    .notForPullRequest: DiagnosticEntry(
      title: "The pipeline runs for no pull request",
      explanation: """
        A comment needs a pull request. On GitHub, Gitea and Forgejo it is that of `GITHUB_REF` or of the event that started the \
        run; on GitLab it is `CI_MERGE_REQUEST_IID`, which only pipelines of merge requests have.
        """,
      wrong: "on: push # and berth plan --comment github",
      right: "on: pull_request"),
    .noForgeToken: DiagnosticEntry(
      title: "There is no token for the forge",
      explanation: """
        berth takes the token from the environment: `GITHUB_TOKEN` or `GH_TOKEN`, `GITLAB_TOKEN`, `GITEA_TOKEN` or \
        `FORGEJO_TOKEN`. GitHub and Gitea hand a step none unless it asks for it, and GitLab lets `CI_JOB_TOKEN` write no comments.
        """,
      wrong: "run: berth plan -f shop.yaml --comment github",
      right: """
        run: berth plan -f shop.yaml --comment github
        env: {GITHUB_TOKEN: "${{ github.token }}"}
        """),
    .forgeRefuses: DiagnosticEntry(
      title: "The forge refuses the token",
      explanation: """
        The token is not known, has ended, or has no right to write comments. GitHub gives the run of a pull request from a fork \
        a token that only reads; GitLab wants the scope `api`; Gitea and Forgejo want `write:issue` and `read:user`.
        """,
      wrong: "permissions: {contents: read}",
      right: "permissions: {contents: read, pull-requests: write}"),
    .forgeUnknown: DiagnosticEntry(
      title: "The forge does not find the pull request",
      explanation: """
        It is not there, or the token is not allowed to see it: forges do not tell the one from the other.
        """,
      wrong: "a token of another repository",
      right: "a token that may read the repository of the pull request"),
    .forgeLimit: DiagnosticEntry(
      title: "The forge takes no more requests for now",
      explanation: """
        The token was used for more requests than the forge takes in a while. berth waits for up to a minute where the forge says \
        how long; beyond that it ends, so that no job waits at your cost.
        """,
      wrong: "one token for the jobs of many repositories",
      right: "a token of its own for each repository"),
    .forgeUnusable: DiagnosticEntry(
      title: "The forge gives no usable answer",
      explanation: """
        It can't be reached, answers with an error of its own or with something that is not of its API, or sends the request \
        elsewhere, which berth does not follow with a token. What may pass was tried again, and no comment was written twice.
        """,
      wrong: "GITHUB_API_URL: https://forge.example.com # the pages for browsers",
      right: "GITHUB_API_URL: https://forge.example.com/api/v1"),
    .notReviewed: DiagnosticEntry(
      title: "There is no review to go by",
      explanation: """
        `--expect-comment` applies what the comment of `berth plan --comment` says on the pull request whose merge made the \
        commit. A commit that was pushed past reviews has none, and so has one whose workloads could not all be planned. Look at \
        `berth plan` for the commit, and apply what it shows by its id.
        """,
      wrong: "berth apply -f shop.yaml --expect-comment github # after a push to main",
      right: "berth apply -f shop.yaml --expect 5b0e4f0c1d2a39877b6c5d4e3f2a1b0c"),
  ]
}
