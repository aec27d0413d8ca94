namespace Agentic.Agent.Tests.Preferences;

/// <summary>A pair with several policy segments a side, tool segments between them, a step in the prompt and recorded ids.</summary>
internal static class SamplePair
{
    public static PreferencePair One { get; } = new(
        "p1",
        "q1",
        "Who directed \"Mern\"?",
        [
            new Segment(0, Author.Prompt, "Question: Who directed \"Mern\"?\n"),
            new Segment(1, Author.Policy, "Step 1:\nImportant entity: Mern\nSubquery: Who directed Mern?\n") { TokenIds = [4, 0, 17] },
            new Segment(1, Author.Tool, "<Reference>\nNothing was found.\n</Reference>\n"),
        ],
        [
            new Segment(2, Author.Policy, "Summary: none\nStep 2:\nImportant entity: Mern (film)\nSubquery: Who made Mern?\n"),
            new Segment(2, Author.Tool, "<Reference>\nIda Moran made Mern.\n</Reference>\n"),
            new Segment(2, Author.Policy, "Summary: Ida Moran made it\nFinal answer: Ida Moran") { TokenIds = [9, 2] },
        ],
        [
            new Segment(2, Author.Policy, "Summary: none\n"),
            new Segment(2, Author.Tool, "Final answer: "),
            new Segment(2, Author.Policy, "not stated"),
        ])
    {
        Type = "lookup",
        Hops = 1,
        Reason = "the answer is right",
    };
}
