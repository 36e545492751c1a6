"""What the Slack app asks a workspace for, and why."""

REQUIRED = {
    "app_mentions:read": "to be told of messages that mention it",
    "channels:history": "to read follow-ups in threads of public channels that it has joined",
    "chat:write": "to answer",
    "commands": "to be asked by /report",
    "files:read": "to fetch report files that are sent to it",
    "files:write": "to post pictures of pages",
    "groups:history": "to read follow-ups in threads of private channels that it has joined",
    "im:history": "to read direct messages",
}
OPTIONAL = {
    "assistant:write": "to be asked in the assistant panel, and to show there that it works",
    "mpim:history": "to read follow-ups in threads of group conversations that it has joined",
    "reactions:write": "to mark messages that wait for others",
}
