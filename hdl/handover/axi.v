  reg [ADDRESS_BITS-1:0] s_axil_awaddr, s_axil_araddr;
  reg [2:0] s_axil_awprot, s_axil_arprot;
  reg [DATA_BITS-1:0] s_axil_wdata;
  reg [DATA_BITS/8-1:0] s_axil_wstrb;
  reg s_axil_awvalid, s_axil_wvalid, s_axil_bready, s_axil_arvalid, s_axil_rready;
  wire s_axil_awready, s_axil_wready, s_axil_bvalid, s_axil_arready, s_axil_rvalid;
  wire [1:0] s_axil_bresp, s_axil_rresp;
  wire [DATA_BITS-1:0] s_axil_rdata, m_axis_tdata;
  reg [PIXEL_BITS-1:0] s_axis_tdata;
  reg [START_BITS-1:0] s_axis_tuser;
  reg s_axis_tlast, s_axis_tvalid, m_axis_tready;
  wire s_axis_tready, m_axis_tlast, m_axis_tvalid;

@INSTANCE@

  task idle;
    begin
      s_axil_awprot = 3'b0;
      s_axil_arprot = 3'b0;
      s_axil_awvalid = 1'b0;
      s_axil_wvalid = 1'b0;
      s_axil_bready = 1'b0;
      s_axil_arvalid = 1'b0;
      s_axil_rready = 1'b0;
      s_axis_tvalid = 1'b0;
      m_axis_tready = 1'b0;
    end
  endtask

  // What is set at a falling edge is seen by the rising one. An error is answered wrongly.
  task ask(input [BUS_BITS-1:0] request, output [DATA_BITS-1:0] answer);
    reg [ADDRESS_BITS-1:0] region, index;
    begin
      region = request[REGION_AT+:REGION_BITS];
      index = request[INDEX_AT+:INDEX_BITS];
      answer = request[0] ? ~0 : ~request[DATA_AT+:DATA_BITS];
      @(negedge clk);
      if (request[0]) begin
        s_axil_awaddr = (region << PLACE_BITS | index) << 2;
        s_axil_wdata = request[DATA_AT+:DATA_BITS];
        s_axil_wstrb = {DATA_BITS / 8{1'b1}};
        s_axil_awvalid = 1'b1;
        s_axil_wvalid = 1'b1;
        s_axil_bready = 1'b1;
        @(posedge clk);
        while ((s_axil_awready & s_axil_wready) !== 1'b1) @(posedge clk);
        @(negedge clk);
        s_axil_awvalid = 1'b0;
        s_axil_wvalid = 1'b0;
        @(posedge clk);
        while (s_axil_bvalid !== 1'b1) @(posedge clk);
        if (s_axil_bresp === 2'b00) answer = 0;
      end else begin
        s_axil_araddr = (region << PLACE_BITS | index) << 2;
        s_axil_arvalid = 1'b1;
        s_axil_rready = 1'b1;
        @(posedge clk);
        while (s_axil_arready !== 1'b1) @(posedge clk);
        @(negedge clk);
        s_axil_arvalid = 1'b0;
        @(posedge clk);
        while (s_axil_rvalid !== 1'b1) @(posedge clk);
        if (s_axil_rresp === 2'b00) answer = s_axil_rdata;
      end
      moved = now;
      @(negedge clk);
      s_axil_bready = 1'b0;
      s_axil_rready = 1'b0;
    end
  endtask

  task show(
    input integer number, input learn, input [LABEL_BITS-1:0] given,
    output integer label, output integer n_spikes, output integer cycles
  );
    integer k, began;
    begin
      @(negedge clk);
      for (k = 0; k < PIXELS; k = k + 1) begin
        s_axis_tdata = images[number*PIXELS+k];
        s_axis_tuser = {given, learn};
        s_axis_tlast = k == PIXELS - 1;
        s_axis_tvalid = 1'b1;
        @(posedge clk);
        while (s_axis_tready !== 1'b1) @(posedge clk);
        moved = now;
        @(negedge clk);
      end
      began = now;
      s_axis_tvalid = 1'b0;
      m_axis_tready = 1'b1;
      @(posedge clk);
      while (m_axis_tvalid !== 1'b1) @(posedge clk);
      label = m_axis_tdata[0+:LABEL_BITS];
      n_spikes = m_axis_tdata[TOLD_SPIKES_AT+:N_SPIKES_BITS];
      // A packet was bad, or does not end.
      if ({m_axis_tdata[TOLD_BAD_AT], m_axis_tlast} !== 2'b01) label = -1;
      cycles = now - began;
      moved = now;
      @(negedge clk);
      m_axis_tready = 1'b0;
    end
  endtask
