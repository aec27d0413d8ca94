namespace Agentic.TestSupport;

/// <summary>Public evaluation data outside the repository, named by AGENTIC_DATA; tests that need it are skipped without it.</summary>
public static class PublicData
{
    /// <summary>Path of a file or folder of the data, or skips the running test with the reason.</summary>
    public static string Require(string relativePath)
    {
        var root = Environment.GetEnvironmentVariable("AGENTIC_DATA");
        Xunit.Assert.SkipWhen(string.IsNullOrEmpty(root), "AGENTIC_DATA does not name the folder of the public data");
        var path = System.IO.Path.Combine(root!, relativePath);
        Xunit.Assert.SkipUnless(System.IO.Path.Exists(path), $"{path} is not there");
        return path;
    }
}
