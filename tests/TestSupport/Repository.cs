namespace Agentic.TestSupport;

/// <summary>The checkout the running tests were built from.</summary>
public static class Repository
{
    /// <summary>The folder that holds Agentic.sln.</summary>
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Agentic.sln")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException($"no Agentic.sln above {AppContext.BaseDirectory}");
    }
}
