namespace Agentic.Retrieval;

/// <summary>What stands in the way of a path, in words for its user: the system's own message often speaks of another thing.</summary>
internal static class PathObstacle
{
    /// <summary>Why no file can be written at a path, with the fix; null when nothing is seen to stand in its way.</summary>
    public static string? ForFile(string path) => Directory.Exists(path) ? "is a folder; name a file" : Above(path);

    /// <summary>Why no folder can be written at a path, with the fix; null when nothing is seen to stand in its way.</summary>
    public static string? ForFolder(string path) => File.Exists(path) ? "is a file; name a folder" : Above(path);

    private static string? Above(string path)
    {
        for (var parent = Path.GetDirectoryName(Path.GetFullPath(path)); parent is not null; parent = Path.GetDirectoryName(parent))
        {
            if (File.Exists(parent))
            {
                return $"cannot be made, because {parent} is a file; name another place";
            }
        }

        return null;
    }
}
